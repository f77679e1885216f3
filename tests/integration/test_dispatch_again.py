"""An event that comes twice, or whose dispatcher died: what is not recorded is sent, the rest is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core.event_records import EventRecord
from notifications.core.records import DeliveryRecord
from notifications.store.events import EventStore, Inserted
from notifications.store.record_table import Left, RecordTable
from tests.cloud import pipeline as made
from tests.cloud.pipeline import PAST, Death, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.samples.configuration import TIMESTAMP


def claimed(lease: datetime, **changes: Any) -> EventRecord:
    """Store the record of an event that a dispatcher has taken."""
    record = EventRecord(
        "e-1",
        "session.started",
        "dispatching",
        None,
        made.text(document()),
        None,
        TIMESTAMP,
        TIMESTAMP,
        1,
        lease,
    )
    changed = replace(record, **changes)
    assert services().events.insert([changed]).made
    return changed


def die_writing(monkeypatch: pytest.MonkeyPatch, kind: type[EventRecord] | type[DeliveryRecord]) -> None:
    """Let the process die at its first write of records of a kind."""
    write = RecordTable.put_now
    died: list[bool] = []

    def put_now(self: RecordTable, records: Sequence[Any]) -> Left:
        if not died and any(isinstance(record, kind) for record in records):
            died.append(True)
            raise Death
        return write(self, records)

    monkeypatch.setattr(RecordTable, "put_now", put_now)


def test_twice_in_a_batch(pipeline: Pipeline, receiver: Receiver) -> None:
    """An event that is twice in one batch is sent once."""
    rule = add_rule(add_channel(receiver.url))
    assert pipeline.dispatch(document(), document()) == {"batchItemFailures": []}
    assert len(receiver.received) == 1
    assert made.delivery(rule).attempt_count == 1


def test_in_a_later_batch(pipeline: Pipeline, receiver: Receiver) -> None:
    """An event that comes again later is not sent again, not even for a rule that is new since."""
    channel = add_channel(receiver.url)
    add_rule(channel)
    pipeline.dispatch(document())
    add_rule(channel)
    assert pipeline.dispatch(document(), document("e-2")) == {"batchItemFailures": []}
    assert [request.headers["webhook-id"].partition("_")[0] for request in receiver.received] == [
        "e-1",
        "e-2",
        "e-2",
    ]


def test_a_late_rule_does_not_wake_an_unmatched_event(pipeline: Pipeline, receiver: Receiver) -> None:
    """An event that met no rule is not sent when it comes again after a rule was made."""
    pipeline.dispatch(document())
    add_rule(add_channel(receiver.url))
    pipeline.dispatch(document())
    assert receiver.received == []
    assert made.event().status == "unmatched"


def test_death_between_sending_and_recording(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent and not recorded is sent again, with the same webhook-id, once the lease is over."""
    rule = add_rule(add_channel(receiver.url))
    die_writing(monkeypatch, DeliveryRecord)
    with pytest.raises(Death):
        pipeline.dispatch(document())
    pipeline.dispatch(document())
    assert len(receiver.received) == 1, "the lease still runs"
    made.end_leases("e-1")
    pipeline.dispatch(document())
    assert [request.headers["webhook-id"] for request in receiver.received] == [made.delivery(rule).id] * 2
    assert (made.event().status, made.event().claims) == ("dispatched", 2)


def test_death_between_the_records(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When only the event's own record is missing, its deliveries are not sent again."""
    rules = [add_rule(add_channel(receiver.url)), add_rule(add_channel(receiver.url, enabled=False))]
    die_writing(monkeypatch, EventRecord)
    with pytest.raises(Death):
        pipeline.dispatch(document())
    made.end_leases("e-1")
    pipeline.dispatch(document())
    assert len(receiver.received) == 1
    assert [made.delivery(rule).status for rule in rules] == ["delivered", "skipped"]
    assert made.event().status == "dispatched"


def test_only_what_is_not_recorded_is_sent(pipeline: Pipeline, receiver: Receiver) -> None:
    """Of two rules the one whose delivery a dead dispatcher recorded is left alone."""
    done, missing = (add_rule(add_channel(f"{receiver.url}/{path}")) for path in ("done", "missing"))
    claimed(PAST)
    record = made.pending(done)
    pipeline.dispatch(document())
    assert [request.path for request in receiver.received] == ["/missing"]
    assert made.delivery(done) == record
    assert made.delivery(missing).status == "delivered"


def test_a_lease_that_runs_is_respected(pipeline: Pipeline, receiver: Receiver) -> None:
    """While another dispatcher has an event, this one leaves it, and its message comes again."""
    add_rule(add_channel(receiver.url))
    record = replace(claimed(datetime.now(UTC) + timedelta(seconds=30)), document=None)
    assert pipeline.dispatch(document()) == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
    assert receiver.received == []
    assert made.event() == record


def test_a_lease_outlives_its_dispatcher(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event is taken for as long as its dispatcher can live."""
    add_rule(add_channel(receiver.url))
    die_writing(monkeypatch, DeliveryRecord)
    now = datetime.now(UTC)
    with pytest.raises(Death):
        pipeline.dispatch(document(), seconds=60)
    lease = made.event().lease
    assert lease is not None
    assert timedelta(seconds=60) < lease - now < timedelta(seconds=90)


def test_after_three_deaths_it_is_a_dead_letter(pipeline: Pipeline, receiver: Receiver) -> None:
    """An event whose dispatchers always die is a dead letter with the reason, and not dispatched again."""
    add_rule(add_channel(receiver.url))
    claimed(PAST, claims=3)
    assert pipeline.dispatch(document()) == {"batchItemFailures": []}
    record = made.event()
    assert (record.status, record.lease) == ("dead_letter", None)
    assert [letter.body for letter in pipeline.take("dead_letter")] == [document()]
    assert record.reason == "dispatching it ended without a result 3 times"
    assert record.document == made.text(document())
    assert receiver.received == []
    assert made.due(datetime.now(UTC)) == []


def test_of_two_dispatchers_one_takes_over(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two that find the same dead dispatcher's event, the one that is too late leaves it."""
    add_rule(add_channel(receiver.url))
    seen = claimed(PAST)
    get = EventStore.get

    def overtaken(self: EventStore, event_id: str) -> EventRecord:
        found = get(self, event_id)
        lease = datetime.now(UTC) + timedelta(seconds=60)
        assert services().events.change_claim(replace(seen, lease=lease, claims=2), seen)
        return found

    monkeypatch.setattr(EventStore, "get", overtaken)
    back = [{"itemIdentifier": "m-0"}]
    assert pipeline.dispatch(document(), receives=2) == {"batchItemFailures": back}
    assert receiver.received == []


def test_a_claim_whose_answer_was_lost_is_ours(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that was made, and answered as if somebody had been faster, is gone on with at once."""
    rule = add_rule(add_channel(receiver.url))
    insert = EventStore.insert

    def lost(self: EventStore, records: Sequence[EventRecord]) -> Inserted:
        insert(self, records)
        return insert(self, records)

    monkeypatch.setattr(EventStore, "insert", lost)
    assert pipeline.dispatch(document()) == {"batchItemFailures": []}
    assert made.delivery(rule).status == "delivered"
    assert made.event().status == "dispatched"
