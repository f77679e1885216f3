"""The commands of docs/receivers.md, on the deployed stack, with the fakes in place of the services."""

import json
import re
from collections.abc import Iterator

import pytest

from local.common import ROOT
from local.waiting import until
from tests.receivers import SERVICES
from tests.receivers.serving import Services
from tests.stack.cli import Cli

PAGE = (ROOT / "docs" / "receivers.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
FIRST, *OTHERS = BLOCK.findall(PAGE)
HOST = re.compile(r"https://[^/']+(?=/)")
SAMPLE = json.loads((ROOT / "events" / "session_failed.json").read_text(encoding="utf-8"))["detail"]
HOSTILE = "<!channel> @everyone [x](http://evil.example) </b> & *train*"

pytestmark = pytest.mark.usefixtures("fresh_configuration")


@pytest.fixture
def services() -> Iterator[Services]:
    """Have all services on a port."""
    with Services() as services:
        yield services


def run(cli: Cli, block: str, services: Services) -> None:
    """Run commands of the page, with the fakes' address in place of the services'."""
    ran = cli.shell(HOST.sub(services.url, block))
    assert ran.code == 0, ran
    assert "Traceback" not in ran.err


def test_every_service(cli: Cli, services: Services) -> None:
    """The page's command makes a channel of each service, and a rule without a template sends it messages."""
    for block in OTHERS:
        run(cli, block, services)
    names = re.findall(r"channel create (\w+) ", "".join(OTHERS))
    presets = re.findall(r"--preset ([\w-]+)", "".join(OTHERS))
    assert sorted(presets) == sorted(SERVICES)
    for name in names:
        assert cli.run("channel", "validate", name).code == 0
        assert cli.run("rule", "create", f"Failed {name}", "session.failed", name).code == 0
    data = json.dumps(SAMPLE | {"session_name": HOSTILE})
    assert cli.run("event", "emit", "session.failed", "--data", data).code == 0
    until("two messages for each", lambda: all(len(answers) >= 2 for answers in services.answers.values()))
    for preset in presets:
        assert [answer.lost for answer in services.answers[preset]] == [None, None], preset
        validated, sent = services.seen(preset)
        assert sent.mentions == validated.mentions == ()
        assert "Batch session failed:" in sent.text
        assert sent.active.keys() <= validated.active.keys() | {"link"}


def test_first_steps(cli: Cli, services: Services) -> None:
    """The first block of the page works from top to bottom."""
    run(cli, FIRST, services)
    assert len(services.seen("slack")) == 1
