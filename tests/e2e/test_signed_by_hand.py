"""Calls to the API that none of the clients makes."""

import json
import re

from local.common import ROOT
from local.stack import Stack
from tests.stack.cli import Cli


def test_the_documented_lines_of_shell_make_a_signed_call(stack: Stack, cli: Cli) -> None:
    """The lines in docs/api.md, as they stand there, are answered by the service."""
    document = (ROOT / "docs" / "api.md").read_text()
    lines = re.search(r"\*\*From a shell\.\*\*.*?```bash\n(.*?)```", document, re.DOTALL)
    assert lines is not None
    ran = cli.shell(f"set -a; . {stack.env_file}; set +a\n{lines[1]}")
    assert ran.code == 0, ran
    assert set(json.loads(ran.out)) == {"channels", "pagination"}


def test_any_call_from_the_command_line(cli: Cli) -> None:
    """``api`` reaches routes with queries, and those that other commands have no name for."""
    answer = cli.json("api", "GET", "/notifications/events?limit=1&since=2026-01-01T00:00:00%2B09:00")
    assert set(answer) == {"events", "next", "searched", "reached_at"}
    assert cli.json("api", "GET", "/manager/announcement") == {"enabled": False, "message": ""}
