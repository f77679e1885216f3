"""Events are found by their fields, page by page, within a time range."""

import json
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from notifications.store import event_search
from notifications.store import events as event_store
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration.recorded import at_minute, event

EVENTS = 30
LARGE = 7


def keep(minute: int, **data: Any) -> None:
    """Record an event with these fields."""
    document = {
        "id": f"e-{minute}",
        "source": "backend.ai.manager",
        "detail-type": "session.started",
        "time": at_minute(minute),
        "detail": data,
    }
    record = event(id=f"e-{minute}", document=json.dumps(document), created_at=at_minute(minute))
    services().events.put_ended([record])


@pytest.fixture(autouse=True)
def _kept(cloud: None) -> None:  # noqa: ARG001
    for number in range(EVENTS):
        # One of them is so large that its document is in parts.
        text = Random(7).randbytes(400_000).hex() if number == LARGE else ""  # noqa: S311
        keep(number, session_id=f"s-{number % 10}", number=number, text=text)


def pages(*where: str, **query: str) -> list[dict[str, Any]]:
    """Ask for all pages of a search."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        asked = [*(("where", clause) for clause in where), *query.items(), *cursor.items()]
        query_text = urlencode(sorted(asked), quote_via=quote)
        answer = call("GET", "/notifications/events" + (query_text and f"?{query_text}"))
        assert answer.status == 200, answer.text
        found.append(answer.json)
        if answer.json["next"] is None:
            return found
        cursor = {"cursor": answer.json["next"]}


def ids(found: list[dict[str, Any]]) -> list[str]:
    """Name the events of all pages."""
    return [each["id"] for page in found for each in page["events"]]


@pytest.mark.parametrize("searched", [4, 200])
@pytest.mark.parametrize("limit", ["1", "2", "100"])
def test_every_event_that_meets_the_clauses(
    monkeypatch: pytest.MonkeyPatch, searched: int, limit: str
) -> None:
    """However large the pages are, each event that meets all clauses comes once, the newest first."""
    monkeypatch.setattr(event_search, "SEARCHED", searched)
    monkeypatch.setattr(event_store, "READ_TOGETHER", 3)
    found = pages("session_id=s-3,s-7", "number>=7", limit=limit)
    assert ids(found) == ["e-27", "e-23", "e-17", "e-13", "e-7"]
    assert sum(page["searched"] for page in found) == EVENTS
    assert all(len(page["events"]) <= int(limit) for page in found)


def test_an_event_with_long_lists_hides_no_other() -> None:
    """An event with which the clauses take too many steps meets none, and the others are still found."""
    keep(EVENTS, session_id=["long"] * 12_000)
    clause = "session_id=" + ",".join([*(f"*{letter}+*" for letter in "abcdefgh"), "*-3"])
    assert ids(pages(clause)) == ["e-23", "e-13", "e-3"]


def test_it_reads_what_the_time_range_holds() -> None:
    """No more events are looked at than the time range has, and a page says down to which time it came."""
    (page,) = pages("session_id=s-3", since=at_minute(20), until=at_minute(25))
    assert ids([page]) == ["e-23"]
    assert (page["searched"], page["reached_at"]) == (5, at_minute(20))


def test_without_clauses_nothing_is_searched() -> None:
    """A list without clauses reads no documents, and tells of no search."""
    assert {(page["searched"], page["reached_at"]) for page in pages()} == {(None, None)}


def test_what_is_no_event_meets_nothing() -> None:
    """A recorded message that is malformed stops no search."""
    services().events.put_ended([event(id="m", document="not JSON", created_at=at_minute(40))])
    assert ids(pages("number=5")) == ["e-5"]


def test_a_clause_that_is_none() -> None:
    """A clause that cannot be read is refused, with its place."""
    answer = call("GET", "/notifications/events?where=" + quote(">5"))
    assert answer.status == 400
    assert "where" in answer.text
