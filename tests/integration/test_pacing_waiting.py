"""Paced deliveries that wait: they come at their slots, whoever brings them, and say what they wait for."""

import re
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.core import pacing
from notifications.core.model import Rule, timestamp
from notifications.core.pacing import WAIT
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, hint, pending
from tests.cloud.services import services
from tests.cloud.values import channel as a_channel
from tests.integration.flapping import set_health
from tests.integration.paced import QUARTER, Clocked, clocked, events, paced, patient, slot_in
from tests.integration.smtp_script import SPEC, server

__all__ = ["clocked", "paced", "patient"]


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("seconds", [0.8, -0.2, -60])
def test_what_comes_takes_the_next_turn(
    pipeline: Pipeline, paced: Rule, clocked: Clocked, seconds: float
) -> None:
    """Whether a delivery comes before its slot or after it, it takes the next turn, and no other slot."""
    services().paces.slots(paced.channel_id, 50, QUARTER, datetime.now(UTC))
    free = services().paces.get(paced.channel_id)
    now = datetime.now(UTC)
    services().paces.turns(paced.channel_id, 2, QUARTER, now, now + WAIT)
    began = time.monotonic()
    pipeline.redeliver(hint(pending(paced, **slot_in(seconds))))
    assert clocked.times[0] - began >= 0.4
    assert services().paces.get(paced.channel_id) == free


def test_no_turn_is_near(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """Who gets no turn soon joins the line again, and the process does not wait."""
    now = datetime.now(UTC)
    services().paces.turns(paced.channel_id, 100, QUARTER, now, now + timedelta(minutes=1))
    services().paces.slots(paced.channel_id, 20, QUARTER, now)
    free = services().paces.get(paced.channel_id)
    began = time.monotonic()
    records = [pending(paced, f"e-{number}", **slot_in(-1)) for number in range(3)]
    pipeline.redeliver(*map(hint, records))
    assert time.monotonic() - began < WAIT.total_seconds()
    assert clocked.times == []
    assert free is not None
    slots = [made.delivery(paced, record.event_id).next_attempt_at for record in records]
    assert slots == [free, free + QUARTER.interval, free + 2 * QUARTER.interval]


def test_who_is_late_for_a_turn_takes_another(
    pipeline: Pipeline, paced: Rule, clocked: Clocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that falls behind does not send too soon before the next message, and loses nothing."""
    monkeypatch.setattr(pacing, "SLACK", -0.1)
    monkeypatch.setattr(pacing, "LATE_AT_LEAST", timedelta(seconds=-0.05))
    ended = threading.Timer(1.0, monkeypatch.undo)
    ended.start()
    pipeline.redeliver(hint(pending(paced, **slot_in(0))))
    ended.join()
    pipeline.drain(20)
    assert len(clocked.times) == 1
    assert made.delivery(paced).attempt_count == 1


@pytest.mark.usefixtures("patient")
def test_another_rate(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """When a channel's rate is lowered, what waited for its slot by the old one is paced by the new one."""
    records = [pending(paced, f"e-{number}", **{**slot_in(0), "paced": "10/s"}) for number in range(3)]
    pipeline.redeliver(*map(hint, records))
    assert len(clocked.times) == 3
    assert min(clocked.gaps) >= 0.8 / 4


def test_a_probe_is_not_paced(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """A suspended channel is probed though many slots are taken, else the suspension would last for them."""
    services().paces.slots(paced.channel_id, 100, QUARTER, datetime.now(UTC))
    set_health(paced.channel_id, suspended_at=made.PAST, probe_at=made.PAST)
    made.pending(paced, status="held", updated_at=timestamp(datetime.now(UTC)))
    pipeline.sweep()
    pipeline.redeliver(*(message.body for message in pipeline.take("slow")), queue="slow")
    assert len(clocked.times) == 1
    assert made.delivery(paced).status == "delivered"


def test_sent_again_by_hand(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """What an operator sends again in bulk is paced as well."""
    records = [
        pending(paced, f"e-{number}", manual=True, reason="replayed", created_at=made.STAMP)
        for number in range(14)
    ]
    pipeline.redeliver(*map(hint, records[:7]))
    pipeline.redeliver(*map(hint, records[7:]))
    assert {made.delivery(paced, record.event_id).attempt_count for record in records} <= {0, 1}
    waiting = [made.delivery(paced, record.event_id) for record in records]
    assert all(record.manual for record in waiting if record.status == "pending")
    pipeline.drain(200)
    assert len(clocked.times) == 14
    assert min(clocked.gaps) >= 0.8 / 4


def test_the_sweeper_brings_what_waits_long(
    pipeline: Pipeline, paced: Rule, clocked: Clocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slot further away than a message can wait is brought minutes before, and its message comes early."""
    from redeliverer import sweep  # noqa: PLC0415

    del clocked
    services().paces.slots(paced.channel_id, 5000, QUARTER, datetime.now(UTC))
    pipeline.dispatch(document())
    record = made.delivery(paced)
    assert pipeline.take("delivery") == []
    assert record.next_attempt_at is not None
    assert record.look_at == record.next_attempt_at - timedelta(minutes=3)
    ahead = record.look_at - datetime.now(UTC) + timedelta(seconds=59)
    monkeypatch.setattr(sweep, "datetime", made.later(ahead))
    assert pipeline.sweep()["deliveries"] == 1
    (message,) = pipeline.take("delivery")
    assert 117 <= message.delay <= 120


@pytest.mark.usefixtures("patient")
def test_email_is_paced_too(pipeline: Pipeline) -> None:
    """Emails take their slots in the slow lane, where they are sent; a slot that one has stays with it."""
    with server() as running:
        spec = replace(SPEC, port=running.port, to_emails=("a@example.com",))
        channel = a_channel(spec=spec, rate="4/s")
        services().channels.create(channel)
        rule = add_rule(channel)
        began = time.monotonic()
        pipeline.dispatch(*events(3))
        assert services().paces.get(channel.id) is None
        pipeline.redeliver(*(message.body for message in pipeline.take("slow")), queue="slow")
        assert len(running.mails) == 3
        assert time.monotonic() - began >= 0.5
        later = slot_in(60)
        pipeline.redeliver(hint(pending(rule, "e-9", **later)))
        assert made.delivery(rule, "e-9").next_attempt_at == later["next_attempt_at"]
        (message,) = pipeline.take("slow")
        assert 57 <= message.delay <= 59


def test_a_simulation_says_what_it_would_wait_for(pipeline: Pipeline, paced: Rule) -> None:
    """A rule that fires says whose turn would come first, or that the receiver wants nothing for now."""
    del pipeline
    other = add_rule(add_channel("https://example.com"))

    def reasons() -> dict[str, str | None]:
        body = {"rule_type": paced.rule_type, "notification_data": made.DATA}
        rules = call("POST", "/notifications/simulations", body).json["rules"]
        assert {rule["verdict"] for rule in rules} == {"fires"}
        return {rule["rule_id"]: rule["reason"] for rule in rules}

    assert reasons() == {paced.id: None, other.id: None}
    services().paces.slots(paced.channel_id, 100, QUARTER, datetime.now(UTC))
    services().health_keeper.hold_back(other.channel_id, datetime.now(UTC) + timedelta(seconds=60))
    told = reasons()
    assert re.match("paced: (100|99|98) before it, at 20", told[paced.id] or "")
    assert (told[other.id] or "").startswith("held back: the receiver asked for no message before 20")


def test_an_explanation_says_what_it_waits_for(pipeline: Pipeline, paced: Rule) -> None:
    """What waits for its turn says so."""
    services().paces.slots(paced.channel_id, 100, QUARTER, datetime.now(UTC))
    pipeline.dispatch(document())
    (rule,) = call("GET", "/notifications/events/e-1/explanation").json["rules"]
    assert rule["verdict"] == "fires"
    assert (rule["delivery"]["status"], rule["delivery"]["attempt_count"]) == ("pending", 0)
    assert re.match("paced: (100|99|98) before it, at 20", rule["delivery"]["reason"])
