"""Verdicts as the service answers with them."""

from typing import Any

from tests.unit.cli.rules import CHANNEL, ID

LEAF = {
    "path": "session_type",
    "seen": '"interactive"',
    "needed": '"batch"',
    "clause": "session_type=batch",
}
DELIVERY = {
    "id": f"e-1_{ID}",
    "status": "delivered",
    "reason": "status 200",
    "attempt_count": 1,
    "last_status": 200,
    "updated_at": "2026-01-15T10:30:00.000000Z",
}


def verdict(verdict: str | None = "fires", number: int = 0, /, **changes: Any) -> dict[str, Any]:
    """Make a verdict; one that fires has a message."""
    made: dict[str, Any] = {
        "rule_id": f"{ID[:-3]}{number:03}",
        "name": f"Rule {number}",
        "draft": False,
        "revision": 3,
        "channel_id": CHANNEL,
        "channel": "ops",
        "verdict": verdict,
        "reason": None,
        "deciding": None,
        "delivery": None,
        "message_cut": False,
        **dict.fromkeys(("message", "subject", "recipients", "unsent")),
        **dict.fromkeys(("method", "url", "headers", "sha256")),
    }
    if verdict in {"fires", "observes"}:
        headers = {"Content-Type": "application/json", "webhook-signature": "***"}
        made |= {"message": '{"a": 1}', "method": "POST", "url": "https://example.com/***"}
        made |= {"headers": headers, "sha256": "5f"}
    if verdict == "unmet":
        made |= {"deciding": LEAF, "reason": 'session_type is "interactive", needed: "batch"'}
    return made | changes


def page(*rules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Make a page of verdicts."""
    made = {"status": "dispatched", "reason": None, "notes": [], "rules": list(rules)}
    return made | {"total": len(rules), "next": None} | changes


def explanation(*rules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Make a page of the explanation of an event."""
    at = "2026-01-15T10:30:00.000000Z"
    event = {"id": "e-1", "rule_type": "session.started", "status": "dispatched", "reason": None}
    made = {"event": event | {"timestamp": at, "created_at": at}, "as_of": at, "approximate": False}
    return page(*rules, **made) | changes
