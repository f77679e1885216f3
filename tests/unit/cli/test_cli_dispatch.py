"""backend.ai notification event dispatch, of one and of all that match."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.unit.cli.records import EVENT, EVENT_ID, EVENTS, page

DISPATCH = ("notification", "event", "dispatch")
Run = Callable[..., Any]


def event(number: int, status: str = "refused") -> dict[str, Any]:
    """Make an event as lists have it."""
    return {**EVENT, "id": f"event-{number}", "status": status}


def found(service: Any, *pages: list[dict[str, Any]]) -> None:
    """Let the service have these events, a list for each time that it is asked, and dispatch them."""
    for members in pages:
        service.answers("GET", f"{EVENTS}?*", page(*members, key="events"))
        for item in members:
            service.answers("POST", f"{EVENTS}/{item['id']}/dispatch", {"event": item}, status=202)


def asked(service: Any) -> list[dict[str, str]]:
    """Return the filters of each list that was asked for."""
    queries = [urlsplit(request["path"]) for request in service.requests if request["method"] == "GET"]
    return [dict(parse_qsl(query.query)) for query in queries]


def dispatched(service: Any) -> list[str]:
    """Return the paths that were posted to."""
    return [request["path"] for request in service.requests if request["method"] == "POST"]


def test_one(service: Any, run: Run) -> None:
    """One event is dispatched without a question, and shown as it waits for that."""
    waiting = {**EVENT, "status": "dispatching"}
    service.answers("POST", f"{EVENTS}/{EVENT_ID}/dispatch", {"event": waiting}, status=202)
    result = run(*DISPATCH, EVENT_ID)
    assert (result.exit_code, result.stderr) == (0, f"✓ Dispatch queued: {EVENT_ID}\n")
    assert json.loads(result.stdout) == waiting


def test_one_that_is_refused(service: Any, run: Run) -> None:
    """A dispatch that the service refuses says why, and prints no data."""
    problem = {"title": "Conflict", "msg": "Event e is being dispatched"}
    service.answers("POST", f"{EVENTS}/{EVENT_ID}/dispatch", problem, status=409)
    result = run(*DISPATCH, EVENT_ID)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "✗ Event e is being dispatched\n")


def test_all_of_a_status(service: Any, run: Run) -> None:
    """All events with a status are dispatched, each once."""
    found(service, [event(1), event(2)])
    result = run(*DISPATCH, "--status", "refused", "--since", "2025-11-23T00:00Z", "--yes")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.endswith("✓ 2 queued\n")
    assert dispatched(service) == [f"{EVENTS}/event-{number}/dispatch" for number in (1, 2)]
    assert [query["status"] for query in asked(service)] == ["refused"]


def test_all_since(service: Any, run: Run) -> None:
    """Without a status, what was refused and what is a dead letter is dispatched; no other is even read."""
    found(service, [event(1)], [event(2, "dead_letter")])
    result = run(*DISPATCH, "--since", "2025-11-23T00:00Z", "--rule-type", "disk.full", "--yes")
    assert result.exit_code == 0, result.stderr
    assert len(dispatched(service)) == 2
    assert [(query["status"], query["rule_type"]) for query in asked(service)] == [
        ("refused", "disk.full"),
        ("dead_letter", "disk.full"),
    ]


def test_dry_run(service: Any, run: Run) -> None:
    """A dry run lists the events and dispatches none."""
    found(service, [event(1)])
    result = run(*DISPATCH, "--status", "refused", "--dry-run")
    assert result.exit_code == 0
    assert "ID: event-1\n" in result.stdout
    assert result.stderr == "✓ 1 event would be dispatched\n"
    assert dispatched(service) == []


def test_nothing(service: Any, run: Run) -> None:
    """Nothing to dispatch is no failure."""
    found(service, [])
    result = run(*DISPATCH, "--status", "dead_letter", "--yes")
    assert (result.exit_code, result.stderr) == (0, "✓ No events to dispatch\n")


def test_failures_are_counted(service: Any, run: Run) -> None:
    """One that is refused does not keep the others from being dispatched, and is told."""
    service.answers("GET", f"{EVENTS}?*", page(event(1), event(2), key="events"))
    service.answers("POST", f"{EVENTS}/event-1/dispatch", {"msg": "It is malformed"}, status=409)
    service.answers("POST", f"{EVENTS}/event-2/dispatch", {"event": event(2)}, status=202)
    result = run(*DISPATCH, "--status", "refused", "--yes")
    assert result.exit_code == 1
    assert result.stderr.endswith("✓ 1 queued\n✗ 1 failed\n  event-1: It is malformed\n")


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ([], 2, "Give an EVENT_ID or at least one filter."),
        ([EVENT_ID, "--status", "refused"], 2, "EVENT_ID cannot be used together with"),
        ([EVENT_ID, "--dry-run"], 2, "EVENT_ID cannot be used together with"),
        (["--status", "lost"], 2, "'lost' is not one of"),
        (["a b"], 1, "'a b' is not an event ID"),
        (["--status", "refused"], 1, "Cannot ask for confirmation without a terminal"),
        (["--since", "1h", "--rate", "0"], 2, "'0' is not a whole number from 1 to 50"),
    ],
)
def test_refused(service: Any, run: Run, args: list[str], code: int, message: str) -> None:
    """What cannot be meant is refused without a request."""
    result = run(*DISPATCH, *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert message in result.stderr
