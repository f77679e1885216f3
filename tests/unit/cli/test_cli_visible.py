"""Text from elsewhere reaches the terminal without its control characters."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from backendai_notification_cli.terminal.visible import visible

ID = "550e8400-e29b-41d4-a716-446655440000"
TYPES = "/notifications/event-types"
FORGED = "x\x1b[2K\r\n---\nName: y\x9b1m\u2028\u202e\u200f\u061c\u2066"
SHOWN = r"x\x1b[2K\r\n---\nName: y\x9b1m\u2028\u202e\u200f\u061c\u2066"
ITEM = {"id": ID, "name": FORGED, "channel_type": "webhook", "rule_type": "t", "description": FORGED}
Run = Callable[..., Any]


@pytest.mark.parametrize("text", ["", "session.started", "Grüezi ✓ 日本語", "👩\u200d💻", r"C:\new"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Only control characters are escaped: letters of every script, emoji and backslashes stay."""
    assert visible(text) == text


@pytest.mark.parametrize("kind", ["channel", "rule"])
def test_list(service: Any, run: Run, kind: str) -> None:
    """A name or a description can neither forge a line of the list nor steer the terminal."""
    query = "?custom=true" if kind == "rule" else ""
    page = {f"{kind}s": [ITEM], "pagination": {"total": 1}}
    service.answers("POST", f"/notifications/{kind}s/search{query}", page)
    lines = run("notification", kind, "list").stdout.split("\n")
    assert lines[1] == f"Name: {SHOWN}"
    assert lines[4:] == [f"Description: {SHOWN}", "---", ""]


@pytest.mark.parametrize(
    ("args", "first"),
    [
        (["event-type", "list"], f"Name: {SHOWN}\n"),
        (["rule", "types"], f"Available notification rule types:\n\n• {SHOWN}\n"),
        (["rule", "schema", "t"], f"Schema for rule type: {SHOWN}\n"),
    ],
)
def test_event_types(service: Any, run: Run, args: list[str], first: str) -> None:
    """Neither can the name of an event type or of one of its fields."""
    event_type = {"name": FORGED, "json_schema": {"properties": {FORGED: {"type": "string"}}}}
    service.answers("GET", TYPES, {"event_types": [event_type]})
    service.answers("GET", f"{TYPES}/t", {"event_type": event_type})
    result = run("notification", *args)
    assert result.stdout.startswith(first)
    assert (f"[ ] {SHOWN}: string\n" in result.stdout) == (args[0] == "rule")
    assert "\x1b" not in result.stdout


def test_messages(service: Any, run: Run) -> None:
    """On stderr each message and each of its details stays on one line."""
    rules = [{"id": ID, "name": FORGED, "msg": FORGED}]
    problem = {"type": "t", "title": FORGED, "data": {"errors": [{"loc": [FORGED]}], "rules": rules}}
    service.answers("GET", TYPES, problem, status=409)
    assert run("notification", "event-type", "list").stderr == (
        f"✗ {SHOWN}\n  {SHOWN}: \n  rule {ID}: {SHOWN}: {SHOWN}\n"
    )
    service.answers("GET", f"{TYPES}/a%1Bb", {"event_type": {}})
    service.answers("DELETE", f"{TYPES}/a%1Bb", {})
    assert run("notification", "event-type", "delete", "a\x1bb").stderr == "✓ Event type deleted: a\\x1bb\n"
    surplus = run("notification", "event", "emit", "t", "a\x1bb").stderr
    assert "Got 1 surplus argument, it is 'a\\x1bb'." in surplus


def test_json_keeps_the_value(service: Any, run: Run) -> None:
    """JSON holds no control character either, and is still the same value."""
    service.answers("GET", f"/notifications/channels/{ID}", {"channel": ITEM})
    shown = run("notification", "channel", "info", ID).stdout
    assert json.loads(shown) == ITEM
    assert visible(shown.replace("\n", "")) == shown.replace("\n", "")


MESSAGE = "two\nlines\tand \x1b]0;title\x07\x9b31m\u202egnp.exe\u200e\r"


def test_a_message_is_exact_when_piped(service: Any, run: Run) -> None:
    """What another program reads is what the template made, byte for byte."""
    service.answers("POST", f"/notifications/rules/{ID}/validate?custom=true", {"message": MESSAGE})
    result = run("notification", "rule", "validate", ID, "--data", "{}")
    assert result.stdout_bytes.decode() == f"\nMessage:\n{MESSAGE}\n"


def test_a_message_on_a_terminal(service: Any) -> None:
    """On a terminal nothing in a message steers it: what would is shown, and lines and tabs stay."""
    service.answers("POST", f"/notifications/rules/{ID}/validate?custom=true", {"message": MESSAGE})
    shown = on_terminal("notification", "rule", "validate", ID, "--data", "{}")
    assert "two\r\nlines" in shown
    assert r"and \x1b]0;title\x07\x9b31m\u202egnp.exe\u200e\r" in shown
    assert not set("\x1b\x07\x9b\u202e\u200e") & set(shown)


def on_terminal(*arguments: str) -> str:
    """Run the command line on a terminal of its own; return what it shows there."""
    controller, terminal = os.openpty()
    command = [sys.executable, "-m", "backendai_notification_cli", *arguments]
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # how the end is told on Linux
            while part := os.read(controller, 65_536):
                shown += part
        os.close(controller)
        assert process.wait(30) == 0
    return shown.decode()
