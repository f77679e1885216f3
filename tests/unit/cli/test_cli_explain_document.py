"""What docs/explain.md shows can be used as it is."""

import re
from pathlib import Path

from backendai_notification_cli.commands.notification import drafts
from backendai_notification_cli.commands.notification.simulation_cases import cases_of, drafts_of
from backendai_notification_cli.files.document import read
from local.common import ROOT

DRAFT, TESTS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "explain.md").read_text("utf-8"), re.DOTALL)


def test_the_draft(tmp_path: Path) -> None:
    """The draft is one, with its template in a file beside it."""
    (tmp_path / "batch.json.j2").write_text("{}")
    (tmp_path / "draft.yaml").write_text(DRAFT)
    (found,) = drafts.load(str(tmp_path / "draft.yaml")).rules
    assert found == {
        "name": "Batch sessions",
        "where": ["session_type=batch", "session_name!=test-*"],
        "message_template": "{}",
    }


def test_the_tests(tmp_path: Path) -> None:
    """The file of tests has three, of which each says what fires or what the message is."""
    (tmp_path / "batch.json").write_text('{"session_name": "train"}')
    (tmp_path / "rules.test.yaml").write_text(TESTS)
    document = read(str(tmp_path / "rules.test.yaml"))
    cases = cases_of(document)
    assert drafts_of(document, None) is None
    assert [case.fires for case in cases] == [["Batch sessions"], [], None]
    assert cases[2].messages == {"Batch sessions": {"json": {"text": "train: running"}}}
