"""Paced channels: every message comes, none before its time, and nobody else waits for that."""

import re
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from local.receiver import Receiver
from notifications.core.errors import Unavailable
from notifications.core.model import Rule, WebhookSpec
from notifications.core.pacing import Pace
from notifications.store.paces import PaceStore
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, dynamodb_calls, hint
from tests.cloud.services import services
from tests.integration.paced import Clocked, clocked, events, paced, patient

__all__ = ["clocked", "paced", "patient"]

HOUR = Pace(timedelta(hours=1), "1/h")


@pytest.mark.usefixtures("patient")
def test_what_is_near_is_waited_for(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """A batch is sent in its order, each message at its turn, with one write for slots and one for turns."""
    with dynamodb_calls() as calls:
        pipeline.dispatch(*events(5))
    assert calls.count("UpdateItem") == 2
    assert len(clocked.gaps) == 4
    assert 0.9 <= sum(clocked.gaps) < 3, "four gaps of a quarter of a second, and a little"
    assert all(made.delivery(paced, f"e-{number}").status == "delivered" for number in range(5))


@pytest.mark.usefixtures("patient")
def test_what_is_later_waits_in_the_queue(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """A delivery that is due later says what it waits for, and its message comes early enough."""
    del clocked
    pipeline.dispatch(*events(10))
    pipeline.dispatch(*(document(f"f-{number}") for number in range(10)))
    record = made.delivery(paced, "f-9")
    assert record.status == "pending"
    assert re.fullmatch(r"paced: [1-9]\d* before it, at 20.*Z", record.reason or "")
    assert record.attempt_count == 0
    assert record.next_attempt_at is not None
    delays = [message.delay for message in pipeline.take("delivery")]
    left = (record.next_attempt_at - datetime.now(UTC)).total_seconds()
    assert left - 1 <= delays[-1] <= left + 1


@pytest.mark.usefixtures("patient")
def test_nobody_else_waits(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """In a batch with paced messages the others go out at once."""
    with Receiver() as other:
        add_rule(add_channel(other.url))
        ended = threading.Event()
        seen: list[int] = []

        def watch() -> None:
            made_by = time.monotonic() + 5
            while len(other.received) < 4 and time.monotonic() < made_by:
                ended.wait(0.01)
            seen.append(len(clocked.times))

        watching = threading.Thread(target=watch)
        watching.start()
        pipeline.dispatch(*events(4))
        watching.join()
        assert len(other.received) == 4
    assert seen[0] <= 2
    assert len(clocked.times) == 4
    assert made.delivery(paced, "e-3").status == "delivered"


def test_nothing_is_read_or_written_without_a_rate(pipeline: Pipeline, clocked: Clocked) -> None:
    """A channel without a rate, or with the rate none, costs nothing more."""
    add_rule(add_channel(clocked.receiver.url))
    add_rule(add_channel(clocked.receiver.url, rate="none"))
    with dynamodb_calls() as calls:
        pipeline.dispatch(document())
    assert len(clocked.times) == 2
    assert "UpdateItem" not in calls


@pytest.mark.usefixtures("patient")
def test_a_preset_brings_its_rate(pipeline: Pipeline, clocked: Clocked) -> None:
    """A channel for Slack is paced as Slack wants it, unless it has a rate of its own."""
    text = '{"text": "{{ session_id }}"}'
    spec = WebhookSpec(clocked.receiver.url, preset="slack")
    add_rule(add_channel(clocked.receiver.url, spec=spec), message_template=text)
    add_rule(add_channel(clocked.receiver.url, spec=spec, rate="none"), message_template=text)
    pipeline.dispatch(*events(2))
    assert len(clocked.times) == 4
    assert clocked.times[3] - clocked.times[0] >= 0.5


def test_no_slot_can_be_reserved(
    pipeline: Pipeline, paced: Rule, clocked: Clocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If DynamoDB takes no reservation the delivery waits, and those of other channels go out."""

    def refused(*_: object) -> None:
        raise Unavailable("busy")

    monkeypatch.setattr(PaceStore, "slots", refused)
    with Receiver() as other:
        add_rule(add_channel(other.url))
        pipeline.dispatch(document())
        assert len(other.received) == 1
    assert clocked.times == []
    record = made.delivery(paced)
    assert (record.status, record.attempt_count, record.paced) == ("pending", 0, None)
    monkeypatch.undo()
    pipeline.drain()
    assert made.delivery(paced).status == "delivered"


def test_more_than_a_day_ahead(pipeline: Pipeline, clocked: Clocked) -> None:
    """Who gets no slot is not lost but asks again, before its record expires."""
    rule = add_rule(add_channel(clocked.receiver.url, rate="1/h"))
    services().paces.slots(rule.channel_id, 100, HOUR, datetime.now(UTC))
    pipeline.dispatch(document())
    record = made.delivery(rule)
    assert record.status == "pending"
    assert record.reason == "paced: all slots of the next 24 hours are taken"
    assert record.next_attempt_at is not None
    assert timedelta(hours=15) < record.next_attempt_at - datetime.now(UTC) < timedelta(hours=25)
    services().paces.forget(rule.channel_id)
    pipeline.redeliver(hint(record))
    assert made.delivery(rule).status == "delivered"


def test_a_death_loses_slots_only(
    pipeline: Pipeline, paced: Rule, clocked: Clocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies with reserved slots loses no delivery: the next one takes other slots."""
    from notifications.outbound.sending import Sending  # noqa: PLC0415

    with monkeypatch.context() as patch:
        patch.setattr(Sending, "_begin", made.die)
        with pytest.raises(made.Death):
            pipeline.dispatch(*events(3))
    made.end_leases("e-0", "e-1", "e-2")
    pipeline.dispatch(*events(3), receives=2)
    pipeline.drain()
    assert len(clocked.times) == 3
    assert min(clocked.gaps) >= 0.8 / 4
    assert {made.delivery(paced, f"e-{number}").status for number in range(3)} == {"delivered"}
