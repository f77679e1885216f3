"""backend.ai notification event tail."""

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from backendai_notification_cli.cli import main
from backendai_notification_cli.commands.notification.event.followed import line
from tests.unit.cli.conftest import KEYPAIR_SOURCE
from tests.unit.cli.records import CHANNEL_ID, EVENT, EVENT_ID, EVENTS, RULE_ID

TAIL = ("notification", "event", "tail")
PATH = f"{EVENTS}/tail"
BEGUN = "✓ Following from now on\n"
Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("utc", "pauses")


def followed(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return an event as a tail gives it."""
    return {**EVENT, "id": f"event-{number}", "deliveries": [], "more_deliveries": False, **changes}


def met(name: str | None, status: str, reason: str | None = None) -> dict[str, Any]:
    """Return a delivery as a tail gives it."""
    delivery = {"rule_id": RULE_ID, "rule_name": name, "channel_id": CHANNEL_ID}
    return {**delivery, "status": status, "reason": reason}


def page(*events: dict[str, Any], position: str, more: bool = False) -> dict[str, Any]:
    """Return a page of a tail."""
    return {"events": list(events), "position": position, "more": more}


def test_line_has_everything() -> None:
    """A line is local time, status, rule type, event, and each rule by name with its delivery's state."""
    event = followed(
        deliveries=[met("To ops", "delivered", "status 200"), met("Au\ndit", "failed", "status 500")]
    )
    assert line(event) == (
        "2025-11-23 10:00:01  dispatched   session.started  event-0"
        "  To ops: delivered; Au\\ndit: failed (status 500)"
    )


def test_line_says_why_and_what_is_left_out() -> None:
    """The reason comes before the rules; a deleted rule has its id; what is too long or too much is cut."""
    assert line(followed(status="unmatched", reason="no condition met (0 of 3 rules)")) == (
        "2025-11-23 10:00:01  unmatched    session.started  event-0  no condition met (0 of 3 rules)"
    )
    many = line(followed(deliveries=[met(None, "skipped", "x" * 101)], more_deliveries=True))
    assert many.endswith(f"  {RULE_ID}: skipped ({'x' * 100}…); and others: see event info")


def test_each_event_is_told_once(service: Any, run: Run, pauses: list[float]) -> None:
    """It says that it follows; each poll goes on where the last one ended, at once if there are more."""
    service.answers("POST", PATH, page(position="a"))
    service.answers("POST", PATH, page(followed(1), followed(2), position="b", more=True))
    service.answers("POST", PATH, page(followed(3), position="c"))
    service.answers("POST", PATH, page(position="d"))
    service.answers("POST", PATH, {"title": "Not for you"}, status=403)
    result = run(
        *TAIL, "--where", "a=1", "--where", "b=2", "--rule-type", "session.started", "--status", "REFUSED"
    )
    assert [text.split()[4] for text in result.stdout.splitlines()] == ["event-1", "event-2", "event-3"]
    wanted = {"where": ["a=1", "b=2"], "rule_type": "session.started", "status": "refused"}
    asked = [request["body"] for request in service.requests if request["path"] == PATH]
    assert asked == [{**wanted, "position": position} for position in (None, "a", "b", "c", "d")]
    assert (result.exit_code, result.stderr, pauses) == (
        1,
        f"{BEGUN}✗ Not for you\n{KEYPAIR_SOURCE}",
        [1] * 3,
    )


def test_short_failures_lose_nothing(service: Any, run: Run) -> None:
    """After a failure in the middle of a burst it goes on from the last page; the failure is told once."""
    service.answers("POST", PATH, page(position="a"))
    service.answers("POST", PATH, page(followed(1), position="b", more=True))
    for _ in range(2):
        service.answers("POST", PATH, {"title": "Broken"}, status=500)
    service.answers("POST", PATH, page(followed(2), position="c"))
    service.answers("POST", PATH, {"title": "Not for you"}, status=403)
    result = run(*TAIL)
    assert [text.split()[4] for text in result.stdout.splitlines()] == ["event-1", "event-2"]
    told = "✗ Broken\n  Trying again until it answers.\n"
    assert result.stderr == f"{BEGUN}{told}✗ Not for you\n{KEYPAIR_SOURCE}"
    assert [request["body"]["position"] for request in service.requests] == [None, "a", "b", "b", "b", "c"]


def test_unreachable_service_is_tried_again(
    service: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service that is down is told of once; Ctrl-C then ends the command with 130."""
    service.close()
    pauses = iter([None, KeyboardInterrupt])

    def sleep(_: float) -> None:
        if (error := next(pauses)) is not None:
            raise error

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(sys, "argv", ["backend.ai", *TAIL])
    assert main() == 130
    told = capsys.readouterr().err
    assert (told.count("Cannot reach"), BEGUN in told) == (1, False)


def test_position_is_the_services(service: Any, run: Run) -> None:
    """A response without a position is not the API's, and ends it."""
    service.answers("POST", PATH, {"events": [{**followed(), "id": EVENT_ID}], "more": False})
    result = run(*TAIL)
    assert (result.exit_code, len(service.requests)) == (1, 1)
    assert "left 'position' out" in result.stderr
