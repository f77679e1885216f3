"""backend.ai notification rule."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.rules import CHANNEL, CREATE, ID, RULE, RULES

TEMPLATE = '{"text": "Session {{ session_id }} started"}'
Run = Callable[..., Any]


@pytest.mark.parametrize("source", ["option", "file", "stdin"])
def test_create(service: Any, run: Run, tmp_path: Path, source: str) -> None:
    """A template arrives as written from the option, a file or standard input."""
    file = tmp_path / "t.json"
    file.write_text(TEMPLATE)
    given = {"option": ["--template", TEMPLATE], "file": ["--template-file", str(file)]}
    service.answers("POST", f"{RULES}?custom=true", {"rule": RULE}, status=201)
    result = run(*CREATE, *given.get(source, ["--template-file", "-"]), stdin=TEMPLATE)
    assert (result.exit_code, result.stderr) == (0, f"✓ Rule created: {ID}\n")
    assert json.loads(result.stdout) == RULE
    assert service.last["body"] == {
        "name": "Started",
        "rule_type": "session.started",
        "channel_id": CHANNEL,
        "message_template": TEMPLATE,
    }


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (
            ["--template", "a", "--template-file", "-"],
            1,
            "✗ Cannot specify both --template and --template-file\n",
        ),
        (["--template-file", "missing.json"], 2, "File 'missing.json' does not exist"),
    ],
)
def test_create_refuses(service: Any, run: Run, args: list[str], code: int, message: str) -> None:
    """A wrong call says what is wrong and sends nothing."""
    result = run(*CREATE, *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert message in result.stderr


def test_file_that_is_not_text(service: Any, run: Run, tmp_path: Path) -> None:
    """A template file that is not UTF-8 is refused by name."""
    file = tmp_path / "t.bin"
    file.write_bytes(b"\xff\xfe")
    result = run(*CREATE, "--template-file", str(file))
    assert (result.exit_code, result.stderr) == (1, f"✗ {file} is not UTF-8 text\n")
    assert service.requests == []


def test_nested_single_quotes_are_explained(service: Any, run: Run) -> None:
    """The guide's artifact example falls apart in the shell: the error says why and what to do."""
    line = (
        "--template '{\"text\": \"Artifact {{ artifact_name }} {{ 'successfully' if success else "
        "'failed to be' }} downloaded from {{ registry_type }}\"}'"
    )
    result = run(*CREATE, *shlex.split(line))
    assert (result.exit_code, service.requests) == (2, [])
    assert "Got 2 surplus arguments, the first is 'to'." in result.stderr
    assert "single quote" in result.stderr
    assert "backend.ai notification rule create ... --template-file - <<'EOF'" in result.stderr


@pytest.mark.parametrize(
    ("command", "file_option"),
    [
        (["rule", "update", ID], "--template-file"),
        (["rule", "validate", ID], "--data-file"),
        (["channel", "validate", ID], "--data-file"),
        (["channel", "update", ID], "--spec-file"),
        (["event", "emit", "session.started"], "--data-file"),
    ],
)
def test_surplus_arguments_point_to_the_file_option(run: Run, command: list[str], file_option: str) -> None:
    """Every command with a quoted text explains surplus arguments with its own file option."""
    result = run("notification", *command, "one", "two", "three")
    assert result.exit_code == 2
    assert "Got 3 surplus arguments, the first is 'one'." in result.stderr
    assert f"{file_option} - <<'EOF'" in result.stderr


def test_update(service: Any, run: Run) -> None:
    """The guide's example changes the template and enables the rule."""
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    update = ("notification", "rule", "update", ID)
    result = run(*update, "--message-template", TEMPLATE, "--enable")
    assert (result.exit_code, result.stderr) == (0, f"✓ Rule updated: {ID}\n")
    assert service.last["body"] == {"message_template": TEMPLATE, "enabled": True}


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ([ID], 2, "Error: Nothing to update"),
        ([ID, "--enable", "--disable"], 2, "cannot be used together"),
        (
            [ID, "--message-template", "a", "--template-file", "-"],
            1,
            "✗ Cannot specify both --message-template and --template-file\n",
        ),
    ],
)
def test_update_refuses(service: Any, run: Run, args: list[str], code: int, message: str) -> None:
    """A wrong update says what is wrong and sends nothing."""
    result = run("notification", "rule", "update", *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert message in result.stderr


def test_list_filters(service: Any, run: Run) -> None:
    """The filters are passed on as given, and rules on custom types are asked for."""
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [RULE], "pagination": {"total": 1}})
    filters = ("--enabled-only", "--rule-types", "session.started", "--rule-types", "Session.TERMINATED")
    result = run("notification", "rule", "list", *filters)
    assert (
        result.stdout
        == f"ID: {ID}\nName: Started\nType: session.started\nEnabled: True\nDescription: d\n---\n"
    )
    assert service.last["body"]["filter"] == {
        "enabled": True,
        "rule_types": ["session.started", "Session.TERMINATED"],
    }


def test_list_of_nothing(service: Any, run: Run) -> None:
    """An empty list says so; without filters none is sent."""
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [], "pagination": {"total": 0}})
    assert run("notification", "rule", "list").stdout == "No rules found\n"
    assert service.last["body"]["filter"] == {}


def test_info_and_delete(service: Any, run: Run) -> None:
    """Info prints JSON, delete a status line."""
    service.answers("GET", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    service.answers("GET", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    service.answers("DELETE", f"{RULES}/{ID}?custom=true", {"deleted": True})
    assert json.loads(run("notification", "rule", "info", ID).stdout) == RULE
    result = run("notification", "rule", "delete", ID)
    assert (result.stdout, result.stderr) == ("", f"✓ Rule deleted: {ID}\n")


def test_force(service: Any, run: Run) -> None:
    """--force saves a template whatever it makes of a sample; the query stays in the order that is signed."""
    service.answers("POST", f"{RULES}?custom=true&force=true", {"rule": RULE})
    service.answers("PATCH", f"{RULES}/{ID}?custom=true&force=true", {"rule": RULE})
    assert run("notification", "rule", "create", "n", "t", ID, "--template", "x", "--force").exit_code == 0
    assert run("notification", "rule", "update", ID, "--message-template", "x", "--force").exit_code == 0
