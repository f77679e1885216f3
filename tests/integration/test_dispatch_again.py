"""An event that comes twice, or whose dispatcher died: what is not recorded is sent, the rest is not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.receiver import Receiver
from notifications import aws
from notifications.core.errors import Unavailable
from notifications.core.records import DeliveryRecord, EventRecord
from notifications.store.records import RecordStore
from tests.integration import pipeline as made
from tests.integration.pipeline import PAST, Pipeline, add_channel, add_rule, document
from tests.unit.core.samples import MOMENT

Record = EventRecord | DeliveryRecord


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive webhooks."""
    with Receiver() as receiver:
        yield receiver


def claimed(lease: datetime, **changes: Any) -> EventRecord:
    """Store the record of an event that a dispatcher has taken."""
    record = EventRecord("e-1", "session.started", "dispatching", None, "{}", None, MOMENT, MOMENT, 1, lease)
    changed = replace(record, **changes)
    assert aws.records().claim_event(changed, None)
    return changed


def die_writing(monkeypatch: pytest.MonkeyPatch, kind: type[Record]) -> None:
    """Let the first write of records of a kind fail."""
    write = RecordStore.put_many
    failed: list[bool] = []

    def put_many(self: RecordStore, records: Sequence[Record]) -> None:
        if not failed and any(isinstance(record, kind) for record in records):
            failed.append(True)
            raise Unavailable("DynamoDB is gone")
        write(self, records)

    monkeypatch.setattr(RecordStore, "put_many", put_many)


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
    with pytest.raises(Unavailable):
        pipeline.dispatch(document())
    pipeline.dispatch(document())
    assert len(receiver.received) == 1, "the lease still runs"
    made.end_lease()
    pipeline.dispatch(document())
    assert [request.headers["webhook-id"] for request in receiver.received] == [made.delivery(rule).id] * 2
    assert (made.event().status, made.event().claims) == ("dispatched", 2)


def test_death_between_the_records(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When only the event's own record is missing, its deliveries are not sent again."""
    rules = [add_rule(add_channel(receiver.url)), add_rule(add_channel(receiver.url, enabled=False))]
    die_writing(monkeypatch, EventRecord)
    with pytest.raises(Unavailable):
        pipeline.dispatch(document())
    made.end_lease()
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
    """While another dispatcher has an event, this one leaves it and takes it off the queue."""
    add_rule(add_channel(receiver.url))
    record = claimed(datetime.now(UTC) + timedelta(seconds=30))
    assert pipeline.dispatch(document()) == {"batchItemFailures": []}
    assert receiver.received == []
    assert made.event() == record


def test_a_lease_outlives_its_dispatcher(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event is taken for as long as its dispatcher can live, and the sweeper looks for it then."""
    add_rule(add_channel(receiver.url))
    die_writing(monkeypatch, DeliveryRecord)
    now = datetime.now(UTC)
    with pytest.raises(Unavailable):
        pipeline.dispatch(document(), seconds=60)
    lease = made.event().lease
    assert lease is not None
    assert timedelta(seconds=60) < lease - now < timedelta(seconds=90)
    assert [due.event_id for due in aws.records().due(lease)] == ["e-1"]
    assert [*aws.records().due(lease - timedelta(seconds=1))] == []


def test_after_five_deaths_it_is_refused(pipeline: Pipeline, receiver: Receiver) -> None:
    """An event whose dispatchers always die is refused with the reason, and never looked for again."""
    add_rule(add_channel(receiver.url))
    claimed(PAST, claims=5)
    assert pipeline.dispatch(document()) == {"batchItemFailures": []}
    record = made.event()
    assert (record.status, record.lease) == ("refused", None)
    assert "5 times" in (record.reason or "")
    assert record.updated_at > record.created_at
    assert receiver.received == []
    assert [*aws.records().due(datetime.now(UTC))] == []


def test_of_two_dispatchers_one_takes_over(pipeline: Pipeline, receiver: Receiver) -> None:
    """Two that find the same dead dispatcher's event do not both take it."""
    add_rule(add_channel(receiver.url))
    seen = claimed(PAST)
    lease = datetime.now(UTC) + timedelta(seconds=60)
    assert aws.records().claim_event(replace(seen, lease=lease, claims=2), seen)
    assert not aws.records().claim_event(replace(seen, lease=lease, claims=2), seen)
    pipeline.dispatch(document())
    assert receiver.received == []
