"""Who follows events is given each of them once, whenever it comes into the index."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from notifications.core import tailing
from notifications.core.event_records import EventRecord
from notifications.core.model import timestamp
from notifications.core.rule_types import BUILT_IN
from notifications.store import event_tail
from notifications.store.events import EventStore
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration.recorded import delivery, event
from tests.samples import configuration as samples

TAIL = "/notifications/events/tail"
FORGOTTEN = 0.2
"""Which share of its rows a read of the index leaves out."""


def ended(event_id: str, ago: float = 0, **changes: Any) -> EventRecord:
    """Make the record of an event that ended so many seconds ago."""
    at = timestamp(datetime.now(UTC) - timedelta(seconds=ago))
    return event(id=event_id, **{"created_at": at, "updated_at": at} | changes)


def keep(*records: EventRecord) -> None:
    """Have the dispatcher record events."""
    services().events.put_ended(records)


class Follower:
    """Somebody who follows events from now on."""

    def __init__(self, **wanted: Any) -> None:
        self._wanted = wanted
        self._position: str | None = None
        self.requests = 0
        assert self.look() == []

    def look(self) -> list[dict[str, Any]]:
        """Ask until there is no more."""
        found: list[dict[str, Any]] = []
        while True:
            answer = call("POST", TAIL, {"position": self._position, **self._wanted})
            assert answer.status == 200, answer.text
            self.requests += 1
            self._position = answer.json["position"]
            found += answer.json["events"]
            if not answer.json["more"]:
                return found

    def names(self) -> list[str]:
        """Look, and name the events."""
        return [each["id"] for each in self.look()]


@pytest.mark.usefixtures("cloud")
def test_what_ended_before_is_not_given() -> None:
    """Who begins to follow is told only of what ends from then on, the oldest first and once."""
    keep(ended("old", 60), ended("older", 600))
    follower = Follower()
    assert follower.names() == []
    keep(ended("b", 1), ended("a", 2))
    assert follower.names() == ["a", "b"]
    assert follower.names() == []


@pytest.mark.usefixtures("cloud")
def test_deliveries_and_the_names_of_their_rules() -> None:
    """An event comes with its deliveries and their rules' names; of a deleted rule there is none."""
    rule = samples.rule(name="To the operators")
    services().channels.create(samples.channel(id=rule.channel_id), [])
    services().rules.create(rule, BUILT_IN[rule.rule_type])
    gone = str(uuid4())
    follower = Follower()
    failed = {"status": "failed", "reason": "status 500", "message": "m" * 1000}
    services().records.put_many(
        [
            delivery(event_id="e", rule_id=rule.id, channel_id=rule.channel_id, **failed),
            delivery(event_id="e", rule_id=gone, channel_id=rule.channel_id),
            *(delivery(event_id="many") for _ in range(event_tail.SHOWN_DELIVERIES + 1)),
        ]
    )
    keep(ended("e", 1), ended("many"), ended("none", status="unmatched", reason="no condition met"))
    found = {each["id"]: each for each in follower.look()}
    told = {
        each["rule_id"]: (each["rule_name"], each["status"], each["reason"])
        for each in found["e"]["deliveries"]
    }
    assert told == {
        rule.id: ("To the operators", "failed", "status 500"),
        gone: (None, "delivered", "status 200"),
    }
    assert {each["channel_id"] for each in found["e"]["deliveries"]} == {rule.channel_id}
    assert [(len(each["deliveries"]), each["more_deliveries"]) for each in found.values()] == [
        (2, False),
        (event_tail.SHOWN_DELIVERIES, True),
        (0, False),
    ]


@pytest.mark.usefixtures("cloud")
def test_a_burst_is_given_whole() -> None:
    """A thousand events between two looks are all given, in order and once, page by page."""
    follower = Follower()
    events = [ended(f"e-{number}", 20 - number / 100, status="unmatched") for number in range(1_000)]
    keep(*Random(1).sample(events, len(events)))  # noqa: S311
    assert follower.names() == [each.id for each in events]
    assert follower.requests <= 13
    assert follower.names() == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.usefixtures("cloud")
def test_none_is_missed_and_none_given_twice(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Events come into the index late and out of order, and reads go back and forth: each comes once."""
    random = Random(seed)  # noqa: S311
    monkeypatch.setattr(event_tail, "PAGE_EVENTS", 7)
    monkeypatch.setattr(event_tail, "ROWS_TOGETHER", 3)
    events = [ended(f"e-{number}", random.uniform(1, 90)) for number in range(120)]
    follower = Follower()
    found: list[str] = []
    with forgetful(random):
        for portion in (events[at : at + 10] for at in range(0, len(events), 10)):
            keep(*portion)
            found += follower.names()
    for _ in range(3):
        found += follower.names()
    assert sorted(found) == sorted(each.id for each in events)


@contextmanager
def forgetful(random: Random) -> Iterator[None]:
    """Have reads of the index leave out, at random, rows that the reads before them had."""
    whole = EventStore.query_page

    def page(store: EventStore, parameters: Any) -> tuple[list[Any], Any]:
        items, last = whole(store, parameters)
        if "IndexName" in parameters and last is None:
            items = [item for item in items if random.random() > FORGOTTEN]
        return items, last

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EventStore, "query_page", page)
        yield


@pytest.mark.usefixtures("cloud")
def test_what_is_dispatched_anew_is_given_again_when_it_has_ended() -> None:
    """An event that is being dispatched anew is not given before it has ended again."""
    follower = Follower()
    letter = ended("e", 5, status="dead_letter")
    keep(letter)
    assert [(each["id"], each["status"]) for each in follower.look()] == [("e", "dead_letter")]
    keep(ended("e", 0, created_at=letter.created_at, status="dispatching"))
    assert follower.names() == []
    keep(ended("e", 0, created_at=letter.created_at))
    assert [(each["id"], each["status"]) for each in follower.look()] == [("e", "dispatched")]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ({"status": "refused"}, ["r"]),
        ({"rule_type": " SESSION.Started"}, ["b", "s"]),
        ({"where": ["session_id=s-1"]}, ["s", "t"]),
        ({"where": ["session_id=s-1"], "rule_type": "session.started"}, ["s"]),
    ],
)
@pytest.mark.usefixtures("cloud")
def test_only_what_is_wanted(wanted: dict[str, Any], given: list[str]) -> None:
    """Status, type and clauses over the fields hold together; a malformed document meets no clause."""
    follower = Follower(**wanted)
    keep(
        ended("r", 4, status="refused", document="not JSON", rule_type="disk.full"),
        ended("b", 3, document=document(session_id="s-2")),
        ended("s", 2, document=document(session_id="s-1")),
        ended("t", 1, document=document(session_id="s-1"), rule_type="session.terminated"),
    )
    assert follower.names() == given
    assert follower.names() == []


def document(**data: Any) -> str:
    """Write the document of an event with these fields."""
    return json.dumps(
        {"id": "e", "source": "backend.ai", "detail-type": "t", "time": samples.TIMESTAMP, "detail": data}
    )


@pytest.mark.usefixtures("cloud")
def test_an_outage_of_the_follower_misses_nothing() -> None:
    """Who asks again after hours is given all that has ended since, with what is read growing no more."""
    now = datetime.now(UTC) - timedelta(hours=3)
    position = services().event_tail.beginning(now)
    keep(*(ended(f"e-{minute}", 60 * minute) for minute in range(170)))
    tail = services().event_tail
    page = tail.page(position, lambda _: True, None, datetime.now(UTC))
    rest = tail.page(page.position, lambda _: True, None, datetime.now(UTC))
    found = [each.id for each in (*page.events, *rest.events)]
    assert found == [f"e-{minute}" for minute in reversed(range(170))]
    assert (page.more, rest.more) == (True, False)
    assert len(rest.position.seen) <= 3


@pytest.mark.parametrize("position", ["", "x", "AAAA", "____________"])
@pytest.mark.usefixtures("cloud")
def test_a_position_that_is_none(position: str) -> None:
    """A position that no tail has given is refused."""
    answer = call("POST", TAIL, {"position": position})
    assert answer.status == 400
    assert "position" in answer.text


@pytest.mark.usefixtures("cloud")
def test_a_clause_that_is_none() -> None:
    """A clause that cannot be read is refused, also at the beginning."""
    answer = call("POST", TAIL, {"where": [">5"]})
    assert answer.status == 400
    assert "where" in answer.text


def test_what_is_read_again_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many events the overlap is shorter, and a position survives being written."""
    monkeypatch.setattr(tailing, "MAX_SEEN", 10)
    now = datetime.now(UTC)
    records = [ended(f"e-{number}", 30 - number) for number in range(25)]
    read = {tailing.mark(each): tailing.ended_at(each) for each in records}
    position = tailing.advanced(tailing.beginning(now), read, None, now)
    assert position.seen == {tailing.mark(each): tailing.ended_at(each) for each in records[15:]}
    assert position.low == tailing.ended_at(records[15])
    assert tailing.read(tailing.written(position)) == position
