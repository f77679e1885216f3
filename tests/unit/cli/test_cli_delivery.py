"""backend.ai notification delivery list, info and retry of one; event list and info."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.unit.cli.records import (
    CHANNEL_ID,
    DELIVERIES,
    DELIVERY_ID,
    EVENT,
    EVENT_ID,
    EVENTS,
    RULE_ID,
    delivery,
    page,
)

Run = Callable[..., Any]


def queries(service: Any) -> list[dict[str, str]]:
    """Return the query of each request."""
    return [dict(parse_qsl(urlsplit(request["path"]).query)) for request in service.requests]


def test_list_shows_blocks(service: Any, run: Run) -> None:
    """A delivery is a block of ten lines; what it lacks stays empty, and its reason stays on one line."""
    service.answers("GET", f"{DELIVERIES}?limit=200", page(delivery(reason="a\nb")))
    assert run("notification", "delivery", "list").stdout == (
        f"ID: event-0_{RULE_ID}\nEvent: event-0\nRule: {RULE_ID}\nChannel: {CHANNEL_ID}\n"
        "Type: session.started\nStatus: failed\nReason: a\\nb\nAttempts: 3\nNext attempt: \n"
        "Created: 2025-11-23T10:00:00.000000Z\n---\n"
    )


@pytest.mark.parametrize(
    ("kind", "nothing"), [("delivery", "No deliveries found\n"), ("event", "No events found\n")]
)
def test_list_of_nothing(service: Any, run: Run, kind: str, nothing: str) -> None:
    """An empty list says so."""
    service.answers("GET", f"{DELIVERIES}?*", page())
    service.answers("GET", f"{EVENTS}?*", page(key="events"))
    result = run("notification", kind, "list")
    assert (result.exit_code, result.stdout) == (0, nothing)


def test_list_follows_the_cursors(service: Any, run: Run) -> None:
    """All pages are listed, also beyond one that is empty; a cursor comes back as it was given."""
    service.answers("GET", f"{DELIVERIES}?*", page(delivery(1), delivery(2), following="a+/= b"))
    service.answers("GET", f"{DELIVERIES}?*", page(following="c"))
    service.answers("GET", f"{DELIVERIES}?*", page(delivery(3)))
    result = run("notification", "delivery", "list")
    assert [line for line in result.stdout.splitlines() if line.startswith("Event: ")] == [
        "Event: event-1",
        "Event: event-2",
        "Event: event-3",
    ]
    assert [query.get("cursor") for query in queries(service)] == [None, "a+/= b", "c"]


def test_a_search_gives_all_its_clauses_to_each_page(service: Any, run: Run) -> None:
    """`event list --where` asks each page for all clauses; without a terminal, it says nothing meanwhile."""
    service.answers("GET", f"{EVENTS}?*", page(key="events", following="c"))
    service.answers("GET", f"{EVENTS}?*", page(key="events"))
    result = run("notification", "event", "list", "--where", "session_id=s-1", "--where", "a!=b,c")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "No events found\n", "")
    paths = [request["path"] for request in service.requests if request["path"].startswith(f"{EVENTS}?")]
    asked = [parse_qsl(urlsplit(path).query) for path in paths]
    clauses = [("where", "a!=b,c"), ("where", "session_id=s-1")]  # sorted, as the service verifies them
    assert [[pair for pair in query if pair[0] == "where"] for query in asked] == [clauses, clauses]


def test_list_prints_while_it_pages(service: Any, run: Run) -> None:
    """What the first page holds is printed though the second one fails."""
    service.answers("GET", f"{DELIVERIES}?*", page(delivery(), following="c"))
    service.answers("GET", f"{DELIVERIES}?*", {"title": "Broken"}, status=500)
    result = run("notification", "delivery", "list")
    assert (result.exit_code, result.stdout.count("---\n"), result.stderr) == (1, 1, "✗ Broken\n")


def test_list_ends_at_the_limit(service: Any, run: Run) -> None:
    """--limit asks for no more than is left, prints no more, and asks no further."""
    service.answers("GET", f"{DELIVERIES}?*", page(delivery(1), following="a"))
    service.answers("GET", f"{DELIVERIES}?*", page(delivery(2), delivery(3), following="b"))
    result = run("notification", "delivery", "list", "--limit", "2")
    assert result.stdout.count("---\n") == 2
    assert [query["limit"] for query in queries(service)] == ["2", "1"]


def test_list_does_not_go_in_circles(service: Any, run: Run) -> None:
    """A cursor that leads to itself ends the list with an error."""
    service.answers("GET", f"{DELIVERIES}?*", page(following="a"))
    result = run("notification", "delivery", "list")
    assert (result.exit_code, len(service.requests)) == (1, 2)
    assert result.stderr == f"✗ {service.url} sent a 'next' that leads nowhere\n"


def test_list_sends_every_filter(service: Any, run: Run) -> None:
    """Filters are sent as the API takes them: ids in their usual form, times in UTC, names in order."""
    service.answers("GET", f"{DELIVERIES}?*", page())
    filters = (
        *("--status", "FAILED", "--since", "2025-11-23T12:00+01:00", "--until", "2025-11-24T00:00Z"),
        *("--channel", CHANNEL_ID.upper(), "--rule", RULE_ID, "--event", EVENT_ID),
        *("--rule-type", "session.started"),
    )
    assert run("notification", "delivery", "list", *filters).exit_code == 0
    query, *_ = queries(service)
    assert query == {
        "channel": CHANNEL_ID,
        "event": EVENT_ID,
        "limit": "200",
        "rule": RULE_ID,
        "rule_type": "session.started",
        "since": "2025-11-23T11:00:00.000000Z",
        "status": "failed",
        "until": "2025-11-24T00:00:00.000000Z",
    }
    assert list(query) == sorted(query)


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["--status", "lost"], 2, "'lost' is not one of 'pending', 'delivered', 'failed', 'skipped', 'held'"),
        (["--rule", ""], 1, "✗ Give the name or the ID of a rule: it is empty"),
        (["--event", "a b"], 1, "✗ 'a b' is not an event ID: "),
        (["--since", "yesterday"], 2, "'yesterday' is not a time: "),
        (["--since", "1h", "--until", "2h"], 2, "Nothing is between --since "),
        (["--limit", "0"], 2, "'0' is not a whole number from 1 on, or 'all'."),
    ],
)
def test_list_refuses(service: Any, run: Run, args: list[str], code: int, message: str) -> None:
    """A filter that cannot be meant is refused without a request."""
    result = run("notification", "delivery", "list", *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert message in result.stderr


def test_info_is_json(service: Any, run: Run) -> None:
    """Info prints the delivery with its attempts."""
    shown = {**delivery(), "message": "{}", "attempts": [{"at": "t", "status": 500}]}
    service.answers("GET", f"{DELIVERIES}/{DELIVERY_ID}", {"delivery": shown})
    assert json.loads(run("notification", "delivery", "info", DELIVERY_ID).stdout) == shown


@pytest.mark.parametrize(("flags", "message"), [([], "recorded"), (["--render"], "rendered")])
def test_retry_of_one(service: Any, run: Run, flags: list[str], message: str) -> None:
    """One delivery is retried without a question, with the message as it was or rendered anew."""
    pending = delivery(status="pending")
    service.answers("POST", f"{DELIVERIES}/{DELIVERY_ID}/retry", {"delivery": pending}, status=202)
    result = run("notification", "delivery", "retry", DELIVERY_ID, *flags)
    assert (result.exit_code, result.stderr) == (0, f"✓ Retry queued: {DELIVERY_ID}\n")
    assert json.loads(result.stdout) == pending
    assert service.last["body"] == {"message": message}


def test_retry_with_nothing_to_send(service: Any, run: Run) -> None:
    """A retry whose message is empty says that nothing is sent."""
    skipped = {"id": DELIVERY_ID, "status": "skipped", "reason": "empty message"}
    service.answers("POST", f"{DELIVERIES}/{DELIVERY_ID}/retry", {"delivery": skipped}, status=202)
    result = run("notification", "delivery", "retry", DELIVERY_ID, "--render")
    assert (result.exit_code, result.stderr) == (0, "✓ Nothing to send: empty message\n")


def test_retry_that_is_refused(service: Any, run: Run) -> None:
    """A retry that the service refuses says why, and prints no data."""
    problem = {"title": "Conflict", "msg": "The channel is disabled"}
    service.answers("POST", f"{DELIVERIES}/{DELIVERY_ID}/retry", problem, status=409)
    result = run("notification", "delivery", "retry", DELIVERY_ID)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "✗ The channel is disabled\n")


@pytest.mark.parametrize("command", ["info", "retry"])
@pytest.mark.parametrize("wrong", ["", "a b", f"a/b_{RULE_ID}"])
def test_delivery_id_is_checked(service: Any, run: Run, command: str, wrong: str) -> None:
    """What cannot be the beginning of a delivery's id is refused without a request."""
    result = run("notification", "delivery", command, wrong)
    assert (result.exit_code, service.requests) == (1, [])
    assert result.stderr.startswith(f"✗ '{wrong}' is not a delivery ID: ")


def test_event_list(service: Any, run: Run) -> None:
    """Events are listed in blocks, with their own statuses as a filter, up to the limit."""
    service.answers("GET", f"{EVENTS}?*", page(EVENT, following="more", key="events"))
    filters = ("--status", "dispatched", "--rule-type", "a&b", "--since", "2025-11-23T00:00Z")
    result = run("notification", "event", "list", *filters, "--limit", "1")
    assert result.stdout == (
        f"ID: {EVENT_ID}\nType: session.started\nStatus: dispatched\nReason: \nTimestamp: \n"
        "Created: 2025-11-23T10:00:00.000000Z\n---\n"
    )
    assert queries(service) == [
        {
            "limit": "1",
            "rule_type": "a&b",
            "since": "2025-11-23T00:00:00.000000Z",
            "status": "dispatched",
        }
    ]
    assert run("notification", "event", "list", "--status", "failed").exit_code == 2


def test_event_info_has_its_deliveries(service: Any, run: Run) -> None:
    """An event is shown with all pages of its deliveries."""
    service.answers("GET", f"{EVENTS}/{EVENT_ID}", {"event": EVENT})
    first = f"{DELIVERIES}?event={EVENT_ID}&limit=200"
    service.answers("GET", first, page(delivery(1), following="n"))
    service.answers("GET", first.replace("?", "?cursor=n&"), page(delivery(2)))
    shown = json.loads(run("notification", "event", "info", EVENT_ID).stdout)
    assert shown == {"event": EVENT, "deliveries": [delivery(1), delivery(2)]}


def test_event_id_is_checked(service: Any, run: Run) -> None:
    """What is no event's id is refused without a request."""
    result = run("notification", "event", "info", "")
    assert (result.exit_code, service.requests) == (1, [])
    assert result.stderr.startswith("✗ '' is not an event ID: ")
