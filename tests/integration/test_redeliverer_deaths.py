"""A delivery that kills its redeliverer harms no other, and ends."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from local.receiver import Receiver
from notifications.core.records import DeliveryRecord
from notifications.store.record_table import Left
from notifications.store.records import RecordStore
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule
from tests.cloud.services import services
from tests.integration.sockets import unused_url


def test_death_after_the_claim(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was claimed and sent but not recorded waits for the end of the lease, and is sent again."""
    record = made.pending(rule := add_rule(add_channel(receiver.url)))
    with monkeypatch.context() as patch:
        patch.setattr(RecordStore, "put_now", made.die)
        with pytest.raises(made.Death):
            pipeline.redeliver(made.hint(record))
    claimed = made.delivery(rule)
    assert (claimed.status, claimed.revision) == ("pending", record.revision + 1)
    assert claimed.look_at is not None
    assert claimed.look_at > datetime.now(UTC) + timedelta(seconds=60)
    pipeline.redeliver(made.hint(record))
    assert len(receiver.received) == 1, "the message came again, and the claim still runs"
    services().records.put_many([replace(claimed, look_at=made.PAST)])
    assert pipeline.sweep()["deliveries"] == 1
    pipeline.drain()
    assert [request.headers["webhook-id"] for request in receiver.received] == [record.id] * 2
    assert made.delivery(rule).status == "delivered"


def test_a_delivery_over_which_somebody_died_is_sent_after_the_others(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What kills its redeliverer was claimed before: the others of its batch are recorded by then."""
    rule = add_rule(add_channel(receiver.url))
    good = [made.pending(rule, f"good-{number}") for number in range(3)]
    poison = made.pending(rule, "poison")
    put_now = RecordStore.put_now

    def die(store: RecordStore, records: Sequence[DeliveryRecord]) -> Left:
        if any(record.event_id == "poison" for record in records):
            raise made.Death
        return put_now(store, records)

    monkeypatch.setattr(RecordStore, "put_now", die)
    with pytest.raises(made.Death):
        pipeline.redeliver(made.hint(poison) | {"claims": 1}, *(made.hint(record) for record in good))
    assert {made.delivery(rule, record.event_id).status for record in good} == {"delivered"}
    assert made.delivery(rule, "poison").claims == 1


def test_after_three_deaths_a_delivery_fails(pipeline: Pipeline, receiver: Receiver) -> None:
    """A delivery whose redeliverers always die is not sent any more, and says why."""
    record = made.pending(rule := add_rule(add_channel(receiver.url)))
    for claims in range(1, 4):
        lease = datetime.now(UTC)
        claimed = services().records.claim_delivery(record.event_id, record.rule_id, record.revision, lease)
        assert claimed is not None
        assert claimed.claims == claims
        record = claimed
    pipeline.redeliver(made.hint(record) | {"claims": record.claims})
    ended = made.delivery(rule)
    assert (ended.status, ended.claims) == ("failed", 0)
    assert ended.reason == "delivering it ended without a result 3 times"
    assert receiver.received == []


def test_the_sweeper_says_how_often_somebody_died(pipeline: Pipeline) -> None:
    """What the sweeper brings again tells of the claims that came to nothing."""
    record = made.pending(add_rule(add_channel(unused_url())))
    assert services().records.claim_delivery(record.event_id, record.rule_id, record.revision, made.PAST)
    pipeline.sweep()
    (message,) = pipeline.take("delivery")
    assert message.body == {"delivery": record.id, "revision": record.revision + 1, "claims": 1}
