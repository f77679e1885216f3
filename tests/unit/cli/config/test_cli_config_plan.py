"""Plans: as people read them, as JSON, in a terminal, and kept in a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.config.files import CREATE, DELETE, PLAN, SECRET, TEXT, UPDATE, plan, written
from tests.unit.cli.terminal import at_terminal
from tests.unit.cli.test_cli_tree import python

Run = Callable[..., Any]
COMMAND = ("notification", "config", "plan")
SHOWN = """\
! no credentials were compared

  + create channel ops "Ops Slack"
      name: "Ops Slack"
      spec.url: "${env:SLACK_URL}"

  ~ update rule failed
      enabled: false -> true
      name: "Old" -> "failed"
      message_template:
        @@ -1,3 +1,2 @@
         one
        -two
         three
      ! alice changed it on 2026-11-29 (revision 4): this undoes that

  - delete rule old "Old rule"

Plan: 1 to create, 1 to change, 1 to delete.
"""


@pytest.fixture
def planned(service: Any) -> Any:
    """Have the service plan one change of each sort."""
    service.answers("POST", PLAN, plan(CREATE, UPDATE, DELETE, warnings=["no credentials were compared"]))
    return service


def test_a_plan_reads_as_terraforms_does(planned: Any, run: Run, tmp_path: Path) -> None:
    """Each change has its lines, members before and after, a diff of texts of several lines, and a sum."""
    result = run(*COMMAND, written(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr) == (0, SHOWN, "")
    assert planned.last["body"] == {
        "set": "prod",
        "channels": {"ops": {"name": "Ops Slack", "spec": {"preset": "slack", "url": SECRET}}},
        "rules": {
            "failed": {"rule_type": "session.failed", "channel": "ops", "message_template": "one\nthree\n"}
        },
        "prune": True,
    }


def test_tests_are_no_part_of_a_plan(planned: Any, run: Run, tmp_path: Path) -> None:
    """The tests of a file are not sent with it, and --no-prune keeps what it lacks."""
    run(*COMMAND, written(tmp_path, "set: prod\ntests: [{name: x}]\nrules:\n"), "--no-prune")
    assert planned.last["body"] == {"set": "prod", "prune": False}


def test_a_terminal_shows_colours(planned: Any, tmp_path: Path) -> None:
    """On a terminal what is created is green, changed yellow and deleted red; NO_COLOR takes them away."""
    path = written(tmp_path)
    seen = at_terminal(*COMMAND, path)
    assert (seen.code, seen.text) == (0, SHOWN)
    for part in ("\x1b[32m\x1b[1m+ create", "\x1b[33m\x1b[1m~ update", "\x1b[31m\x1b[1m- delete"):
        assert part in seen.raw
    assert at_terminal(*COMMAND, path, environment={"NO_COLOR": "1"}).raw == SHOWN
    assert len(planned.requests) == 2


def test_a_long_plan_is_paged(service: Any, tmp_path: Path) -> None:
    """A plan that is longer than the terminal goes through the pager."""
    changes = [{**CREATE, "key": f"ops-{number}", "differences": []} for number in range(30)]
    service.answers("POST", PLAN, plan(*changes))
    seen = at_terminal(*COMMAND, written(tmp_path), environment={"PAGER": "cat; echo paged"})
    assert (seen.lines[-2:], seen.code) == (["Plan: 30 to create, 0 to change, 0 to delete.", "paged"], 0)


def test_as_json(planned: Any, run: Run, tmp_path: Path) -> None:
    """`-o json` is the service's document, with the reference where a secret would be."""
    shown = json.loads(run(*COMMAND, written(tmp_path), "-o", "json").stdout)
    assert shown["changes"][0]["differences"][1] == {
        "path": "spec.url",
        "before": None,
        "after": "${env:SLACK_URL}",
    }
    assert (shown["version"], shown["changes"][1:]) == ("v1", [UPDATE, DELETE])
    assert run(*COMMAND, written(tmp_path), "--jq", ".changes[].action").stdout == "create\nupdate\ndelete\n"
    assert "changes" in run(*COMMAND, written(tmp_path), "--json", "").stderr
    assert planned.requests


@pytest.mark.parametrize(("changes", "code"), [((), 0), ((UPDATE,), 2)])
def test_detailed_exit_codes(
    service: Any, run: Run, tmp_path: Path, changes: tuple[Any, ...], code: int
) -> None:
    """--detailed-exitcode tells changes from none; without it both are a success, and a fault is 1."""
    service.answers("POST", PLAN, plan(*changes))
    path = written(tmp_path)
    assert run(*COMMAND, path, "--detailed-exitcode").exit_code == code
    assert run(*COMMAND, path).exit_code == 0
    assert run(*COMMAND, written(tmp_path, "set: ${env:GONE}"), "--detailed-exitcode").exit_code == 1
    for args in ((path, "--nonsense"), ("no-such-file",)):
        assert run(*COMMAND, *args, "--detailed-exitcode").exit_code == 1
        assert run(*COMMAND, *args).exit_code == 2


def test_no_changes(service: Any, run: Run, tmp_path: Path) -> None:
    """A plan without changes says so."""
    service.answers("POST", PLAN, plan())
    assert run(*COMMAND, written(tmp_path)).stdout == "No changes: the set 'prod' is as the file says.\n"


def test_a_kept_plan_has_no_secrets(planned: Any, run: Run, tmp_path: Path) -> None:
    """--out keeps the version and digests, nothing that anybody could read a secret from."""
    out = tmp_path / "prod.plan"
    result = run(*COMMAND, written(tmp_path), "--out", str(out))
    assert result.stderr == f"✓ Plan kept: {out}\n"
    kept = json.loads(out.read_text())
    assert kept.keys() == {"set", "file", "version", "changes", "prune", "format"}
    assert (kept["set"], kept["version"], kept["prune"]) == ("prod", "v1", True)
    assert run(*COMMAND, written(tmp_path), "--out", str(tmp_path / "no" / "such")).exit_code == 1
    assert planned.requests


def test_a_plan_is_not_kept_over_its_file(planned: Any, run: Run, tmp_path: Path) -> None:
    """--out with the file itself is refused before anything is asked, and the file stays as it is."""
    path = written(tmp_path)
    (tmp_path / "link").symlink_to(path)
    for out in (path, str(tmp_path / "link")):
        result = run(*COMMAND, path, "--out", out)
        assert (result.exit_code, result.stderr) == (
            1,
            f"✗ --out {out} is the file itself: name another one for the plan\n",
        )
    assert Path(path).read_text() == TEXT
    assert planned.requests == []


def test_names_cannot_steer_a_terminal(service: Any, tmp_path: Path) -> None:
    """Control characters of what is stored are shown as escapes."""
    service.answers("POST", PLAN, plan({**UPDATE, "name": "a\x1b[2J", "key": "k"}))
    assert "\\x1b[2J" in at_terminal(*COMMAND, written(tmp_path)).text


def test_json_files(planned: Any, run: Run, tmp_path: Path) -> None:
    """A file may be JSON as well; its faults have lines, too."""
    text = '{"set": "prod",\n "channels": {"ops": {"spec":\n  {"url": "${env:GONE}"}}}}'
    path = written(tmp_path, text, "prod.json")
    assert "prod.json:3: channels.ops.spec.url: ${env:GONE}: " in run(*COMMAND, path).stderr
    assert run(*COMMAND, written(tmp_path, text.replace("GONE", "SLACK_URL"), "prod.json")).exit_code == 0
    assert planned.last["body"]["channels"] == {"ops": {"spec": {"url": SECRET}}}


def test_aws_is_loaded_only_for_its_secrets(planned: Any, tmp_path: Path) -> None:
    """A plan of a file whose secrets are in the environment loads no boto3."""
    script = (
        "import sys; from backendai_notification_cli.cli import main\n"
        f"sys.argv[1:] = [*{COMMAND}, {written(tmp_path)!r}]\nmain()\nprint(*sys.modules, file=sys.stderr)"
    )
    done = python("-c", script)
    assert done.stdout == SHOWN
    assert "yaml" in done.stderr.split()
    assert "boto3" not in done.stderr.split()
    assert planned.requests
