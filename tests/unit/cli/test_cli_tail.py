"""backend.ai notification delivery tail."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from backendai_notification_cli.cli import main
from backendai_notification_cli.commands.notification.delivery.followed import Seen, line
from tests.unit.cli.conftest import ENDPOINT_SOURCE, KEYPAIR_SOURCE
from tests.unit.cli.records import CHANNEL_ID, DELIVERIES, RULE_ID, delivery, page

TAIL = ("notification", "delivery", "tail")
REFUSAL = {"title": "Not for you"}
BEGUN = "✓ Following from now on\n"
Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("utc", "pauses")


def now(second: int = 0) -> str:
    """Return a timestamp of today: what is older than the window is not asked for."""
    return (datetime.now(UTC) + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")


def fresh(number: int, **changes: Any) -> dict[str, Any]:
    """Return a delivery that is not old."""
    return delivery(number, **{"created_at": now(), "updated_at": now(number), **changes})


def answered(service: Any, *pages: list[dict[str, Any]]) -> None:
    """Answer each poll with one page, and refuse the one after: that ends it."""
    for members in pages:
        service.answers("GET", f"{DELIVERIES}?*", page(*members))
    service.answers("GET", f"{DELIVERIES}?*", REFUSAL, status=403)


def events(result: Any) -> list[tuple[str, str, str]]:
    """Return the event, the status and the number of attempts that each line tells."""
    words = [text.split() for text in result.stdout.splitlines()]
    return [(word[4].partition("_")[0], word[2], word[6]) for word in words]


def test_line_has_everything() -> None:
    """A line is local time, status, rule type, delivery, channel, attempts and reason, safe to print."""
    assert line(delivery(reason="a\nb")) == (
        f"2025-11-23 10:00:05  failed     session.started  event-0_{RULE_ID}  {CHANNEL_ID}  3  a\\nb"
    )
    assert line(delivery(reason=None, status="delivered")).endswith(f"{CHANNEL_ID}  3")


def test_new_and_changed_ones_are_told_once(service: Any, run: Run, pauses: list[float]) -> None:
    """What is there at first is not told; then each new delivery and each change is, once and in order."""
    old, first, second = fresh(1, status="pending", attempt_count=1), fresh(2), fresh(3, status="held")
    again = {**old, "attempt_count": 2, "updated_at": now(4)}
    done = {**again, "status": "delivered", "updated_at": now(5)}
    answered(service, [old], [old], [second, first, again], [second, first, again], [second, first, done])
    result = run(*TAIL)
    assert events(result) == [
        ("event-2", "failed", "3"),
        ("event-3", "held", "3"),
        ("event-1", "pending", "2"),
        ("event-1", "delivered", "2"),
    ]
    told = f"{BEGUN}✗ Not for you\n{KEYPAIR_SOURCE}"
    assert (result.exit_code, result.stderr, pauses) == (1, told, [1] * 5)


def test_all_pages_are_looked_at(service: Any, run: Run) -> None:
    """A poll follows the cursors, and asks for ten minutes and for the filters that were given."""
    service.answers("GET", f"{DELIVERIES}?*", page())
    service.answers("GET", f"{DELIVERIES}?*", page(fresh(2), following="c"))
    answered(service, [fresh(1)])
    result = run(*TAIL, "--status", "failed", "--channel", CHANNEL_ID)
    assert [event for event, _, _ in events(result)] == ["event-1", "event-2"]
    service.requests.pop(0)  # which asks whether there is such a channel
    assert "cursor=c" in service.requests[2]["path"]
    first = dict(parse_qsl(urlsplit(service.requests[0]["path"]).query))
    since = datetime.fromisoformat(first.pop("since"))
    assert first == {"channel": CHANNEL_ID, "limit": "200", "status": "failed"}
    assert timedelta(minutes=9) < datetime.now(UTC) - since < timedelta(minutes=11)


def test_short_failures_are_told_once(service: Any, run: Run) -> None:
    """A service that fails for a while is told once a time, and nothing is lost or told twice by it."""
    troubles = [({"title": "Broken"}, 500), ({"message": "Too Many Requests"}, 429)]
    service.answers("GET", f"{DELIVERIES}?*", page(fresh(1)))
    for _ in range(2):
        for body, status in troubles:
            service.answers("GET", f"{DELIVERIES}?*", body, status=status)
    service.answers("GET", f"{DELIVERIES}?*", page(fresh(2), fresh(1)))
    service.answers("GET", f"{DELIVERIES}?*", troubles[0][0], status=500)
    answered(service, [fresh(2), fresh(1)])
    result = run(*TAIL)
    told = "✗ Broken\n  Trying again until it answers.\n"
    assert events(result) == [("event-2", "failed", "3")]
    assert (result.exit_code, result.stderr) == (1, f"{BEGUN}{told}{told}✗ Not for you\n{KEYPAIR_SOURCE}")


def test_unreachable_service_is_tried_again(
    service: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service that is down is told once, however often it is tried; Ctrl-C then ends it with 130."""
    service.close()
    pauses = iter([None, None, KeyboardInterrupt])

    def sleep(_: float) -> None:
        if (error := next(pauses)) is not None:
            raise error

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(sys, "argv", ["backend.ai", *TAIL])
    assert main() == 130
    assert capsys.readouterr().err.splitlines() == [
        f"✗ Cannot reach {service.url}: the connection was refused; is the service up?",
        ENDPOINT_SOURCE.rstrip(),
        "  Trying again until it answers.",
        "",
    ]


def test_window_bridges_an_outage(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ten minutes count from the last response, and a clock that is set back does not widen them."""
    noon = datetime(2025, 11, 23, 12, 0, tzinfo=UTC)
    minutes = iter([0, 0, 120, 121, 60, 61])

    class Clock:
        @staticmethod
        def now(_: object) -> datetime:
            return noon + timedelta(minutes=next(minutes))

    monkeypatch.setattr("backendai_notification_cli.commands.notification.delivery.tail.datetime", Clock)
    service.answers("GET", f"{DELIVERIES}?*", page())
    service.answers("GET", f"{DELIVERIES}?*", {"title": "Broken"}, status=500)
    answered(service, [], [])
    run(*TAIL)
    asked = [dict(parse_qsl(urlsplit(request["path"]).query))["since"][11:16] for request in service.requests]
    assert asked == ["11:50", "11:50", "11:50", "13:51", "13:51"]


def test_answer_of_another_service_ends_it(service: Any, run: Run) -> None:
    """What is not the API will not become it: a response in HTML ends it."""
    service.answers("GET", f"{DELIVERIES}?*", "<html>", content_type="text/html")
    result = run(*TAIL)
    assert (result.exit_code, len(service.requests)) == (1, 1)
    assert "instead of JSON" in result.stderr


def test_older_read_is_no_news() -> None:
    """A read that is older than the one before tells nothing, nor does the next one that is not."""
    seen = Seen()
    older, newer = delivery(attempt_count=1), delivery(attempt_count=2, updated_at=now())
    assert [seen.news([item]) for item in (older, newer, older, newer)] == [[older], [newer], [], []]


def test_what_is_too_old_is_forgotten() -> None:
    """Deliveries from before the window are dropped, so that memory does not grow; the others stay known."""
    seen = Seen()
    old, new = delivery(1), delivery(2, created_at="2025-11-23T11:00:00.000000Z")
    seen.news([old, new])
    seen.forget_before("2025-11-23T10:30:00.000000Z")
    assert seen.news([old, new]) == [old]
