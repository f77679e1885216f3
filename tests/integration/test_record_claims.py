"""Who gets a record: of several that want to write or to send it, one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from notifications import aws
from notifications.core.delivery import Content
from notifications.core.records import DeliveryRecord, is_claimed, replayed
from notifications.store.records import RecordStore
from tests.integration.recorded import START, delivery, event, pending

LATER = START + timedelta(minutes=5)


@pytest.fixture
def store(cloud: None) -> RecordStore:  # noqa: ARG001
    """Open the store."""
    return aws.records()


def claim(store: RecordStore, record: DeliveryRecord, lease: datetime = LATER) -> DeliveryRecord | None:
    """Take a delivery as it is known."""
    return store.claim_delivery(record.event_id, record.rule_id, record.revision, lease)


def test_one_dispatcher_gets_an_event(store: RecordStore) -> None:
    """Of two that take a new event one gets it; when its lease is over, again one."""
    first = event(status="dispatching", claims=1, lease=LATER)
    assert store.claim_event(first, None)
    assert not store.claim_event(first, None)
    again = replace(first, claims=2)
    assert store.claim_event(again, first)
    assert not store.claim_event(again, first)


def test_a_dispatched_event_is_not_taken(store: RecordStore) -> None:
    """An event that came to its end is nobody's any more."""
    seen = event(status="dispatching", claims=1, lease=LATER)
    store.put_many([replace(seen, status="dispatched", lease=None)])
    assert not store.claim_event(replace(seen, claims=2), seen)


def test_one_sender_gets_a_delivery(store: RecordStore) -> None:
    """Of two that take a delivery at the same revision one gets it, and has it until the lease ends."""
    waiting = pending(revision=3)
    store.put_many([waiting])
    claimed = claim(store, waiting)
    assert claimed == replace(waiting, revision=4, lease=LATER, look_at=LATER)
    assert claim(store, waiting) is None
    assert is_claimed(claimed, LATER - timedelta(seconds=1))
    assert not is_claimed(claimed, LATER)


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
    claimed = claim(store, waiting)
    assert claimed
    if write == "put_many":
        store.put_many([claimed])
    else:
        assert store.put_if(claimed, claimed.revision)
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
