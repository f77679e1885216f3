"""Who gets a record: of several that want to write or to send it, one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications.awsapi.client import Client
from notifications.core.delivery import Content
from notifications.core.event_records import EventRecord, claimed, handed_back
from notifications.core.records import DeliveryRecord, is_claimed, replayed
from notifications.store import dynamodb as module
from notifications.store.events import EventStore, Inserted
from notifications.store.record_pages import Wanted
from notifications.store.record_table import WRITE_ROUNDS
from notifications.store.records import RecordStore
from tests.cloud.services import services
from tests.integration.recorded import START, delivery, event, pending

LATER = START + timedelta(minutes=5)


@pytest.fixture
def store(cloud: None) -> RecordStore:  # noqa: ARG001
    """Open the store."""
    return services().records


@pytest.fixture
def events(cloud: None) -> EventStore:  # noqa: ARG001
    """Open the store of events."""
    return services().events


def new(**changes: Any) -> EventRecord:
    """Make an event of which nothing is kept yet."""
    return event(status="dispatching", listed=False, **changes)


def claim(store: RecordStore, record: DeliveryRecord, lease: datetime = LATER) -> DeliveryRecord | None:
    """Take a delivery as it is known."""
    return store.claim_delivery(record.event_id, record.rule_id, record.revision, lease)


def test_one_dispatcher_gets_an_event(events: EventStore) -> None:
    """Of two that claim a new event one gets it; when its lease is over, again one."""
    first = claimed(new(), LATER, START)
    assert events.insert([first]) == Inserted({first.id}, set())
    assert events.insert([first]) == Inserted(set(), set())
    again = claimed(first, LATER + timedelta(minutes=5), LATER)
    assert events.change_claim(again, first)
    assert not events.change_claim(again, first)
    assert events.get(first.id) == replace(again, document=None, timestamp=None)


def test_of_many_events_each_fails_for_itself(events: EventStore) -> None:
    """Of more events than one call takes, the recorded ones stay as they are, and the others are made."""
    known = [event() for _ in range(7)]
    events.insert(known)
    unknown = [event() for _ in range(40)]
    changed = [replace(record, status="refused", document="another") for record in known]
    assert events.insert([*unknown, *changed]) == Inserted({record.id for record in unknown}, set())
    assert [events.get(record.id) for record in known] == known


def test_what_dynamodb_leaves_is_told(events: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements that are throttled are tried again, and told if that does not help; the others are made."""
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.0001)
    first, second = event(), event()
    call = Client.call
    rounds = []

    def throttled(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation != "BatchExecuteStatement":
            return call(client, operation, **parameters)
        rounds.append(len(parameters["Statements"]))
        statements = parameters["Statements"]
        answers = [{"Error": {"Code": "ThrottlingError"}} for _ in statements[1:]]
        if len(rounds) > 1:
            return {"Responses": [{"Error": {"Code": "ThrottlingError"}}, *answers]}
        made = call(client, operation, Statements=statements[:1])["Responses"]
        return {"Responses": [*made, *answers]}

    monkeypatch.setattr(Client, "call", throttled)
    assert events.insert([first, second]) == Inserted({first.id}, {second.id})
    assert rounds == [2] + [1] * (WRITE_ROUNDS - 1)


def test_standings(events: EventStore) -> None:
    """How events stand is read for many at once; those that nobody recorded are left out."""
    known = [claimed(new(), LATER, START), event()]
    events.insert(known)
    found = events.standings([*(record.id for record in known), "unknown"])
    assert found == {
        record.id: replace(record, document=None, reason=None, timestamp=None) for record in known
    }


def test_a_dispatched_event_is_not_taken(events: EventStore, store: RecordStore) -> None:
    """An event that came to its end is nobody's any more."""
    seen = event(status="dispatching", claims=1, lease=LATER)
    store.put_many([replace(seen, status="dispatched", lease=None)])
    assert not events.change_claim(claimed(seen, LATER, LATER), seen)


def test_a_change_needs_the_lease_that_was_seen(events: EventStore) -> None:
    """Who hands an event back must still have it; who claims one that was handed back, find it so."""
    taken = claimed(new(), LATER, START)
    events.insert([taken])
    free = handed_back(taken, LATER, "why", ["r"])
    assert not events.change_claim(free, replace(taken, lease=START))
    assert events.change_claim(free, taken)
    assert not events.change_claim(free, taken)
    assert events.get(free.id) == replace(free, document=None, timestamp=None)
    assert events.change_claim(claimed(free, LATER, LATER), free)


def test_a_claim_is_in_no_list_until_it_waits(events: EventStore) -> None:
    """An event that is being dispatched is in no list; one that was handed back is among the waiting ones."""
    taken = claimed(new(), LATER, START)
    events.insert([taken])
    pages = services().record_pages
    waiting = Wanted(5, status="dispatching")
    assert pages.events(Wanted(5)).records == pages.events(waiting).records == []
    events.change_claim(handed_back(taken, LATER, "DynamoDB is away"), taken)
    (found,) = pages.events(waiting).records
    assert (found.id, found.reason) == (taken.id, "DynamoDB is away")
    assert pages.events(Wanted(5)).records == []


def test_one_sender_gets_a_delivery(store: RecordStore) -> None:
    """Of two that take a delivery at the same revision one gets it, and has it until the lease ends."""
    waiting = pending(revision=3)
    store.put_many([waiting])
    taken = claim(store, waiting)
    assert taken == replace(waiting, revision=4, lease=LATER, look_at=LATER, claims=1)
    assert claim(store, waiting) is None
    assert is_claimed(taken, LATER - timedelta(seconds=1))
    assert not is_claimed(taken, LATER)


@pytest.mark.parametrize("status", ["delivered", "failed", "skipped"])
def test_what_has_ended_is_not_taken(store: RecordStore, status: str) -> None:
    """A delivery that came to its end is not sent again."""
    record = delivery(status=status)
    store.put_many([record])
    assert claim(store, record) is None


def test_a_held_delivery_is_taken_as_a_probe(store: RecordStore) -> None:
    """What is held can be taken, and is not found among what is held while somebody has it."""
    record = delivery(status="held")
    store.put_many([record])
    assert claim(store, record) is not None
    assert list(store.held(record.channel_id)) == []


def test_what_nobody_recorded_is_not_taken(store: RecordStore) -> None:
    """A message about a delivery that is not there makes none."""
    assert claim(store, pending()) is None


@pytest.mark.parametrize("write", ["put_many", "put_if"])
def test_writing_gives_a_delivery_back(store: RecordStore, write: str) -> None:
    """Whoever took a delivery gives it back by writing what became of it."""
    waiting = pending()
    store.put_many([waiting])
    taken = claim(store, waiting)
    assert taken
    if write == "put_many":
        store.put_many([taken])
    else:
        assert store.put_if(taken, taken.revision)
    assert store.delivery(waiting.id).lease is None


def test_put_if_meets_the_revision(store: RecordStore) -> None:
    """A record is replaced only if it is as it was seen; one that is not there stays so."""
    record = pending()
    changed = replace(record, status="failed", revision=2, look_at=None, next_attempt_at=None)
    assert not store.put_if(changed, 1)
    store.put_many([record])
    assert not store.put_if(changed, 2)
    assert store.put_if(changed, 1)
    assert not store.put_if(changed, 1)
    assert store.delivery(record.id) == changed


def test_a_replay_and_a_sender_do_not_both_get_it(store: RecordStore) -> None:
    """A replay of what somebody has just taken fails, and the other way round."""
    first, second = pending(), pending()
    store.put_many([first, second])
    content = Content("new")
    assert claim(store, first)
    assert not store.put_if(replayed(first, content, LATER), first.revision)
    assert store.put_if(replayed(second, content, LATER), second.revision)
    assert claim(store, second) is None
