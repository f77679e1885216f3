"""Mutes as the service shows them, for tests of the command line."""

from collections.abc import Callable
from typing import Any

from tests.unit.cli.records import CHANNEL_ID

Run = Callable[..., Any]
MUTES = "/notifications/mutes"
MUTE_ID = "c3a9e1d0-52c7-4b8e-a1f4-7d60f2b95e13"


def mute(**changes: Any) -> dict[str, Any]:
    """Return a mute as the service shows it."""
    made = {
        "id": MUTE_ID,
        "reason": "maintenance",
        "state": "in_force",
        "changes_at": "2099-01-15T12:30:00.000000Z",
        "rule_id": None,
        "rule": None,
        "channel_id": CHANNEL_ID,
        "channel": "Operations",
        "rule_type": None,
        "condition": {"status": ["ERROR"]},
        "where": ["status=ERROR"],
        "everything": False,
        "until": "2099-01-15T12:30:00.000000Z",
        "weekly": [],
        "hold": False,
        "created_at": "2026-01-15T10:30:00.000000Z",
        "created_by": {"access_key": "AKIA", "user_id": "u", "name": "night shift"},
        "ended_at": None,
        "suppressed": 3,
        "suppressed_cut": False,
    }
    return made | changes


def created(service: Any, run: Run, *options: str) -> dict[str, Any]:
    """Create a mute; return the request's body."""
    service.answers("POST", MUTES, {"mute": mute()}, 201)
    result = run("notification", "mute", "create", "--reason", "maintenance", *options)
    assert result.exit_code == 0, result.output
    body: dict[str, Any] = service.last["body"]
    return body
