"""Paced channels: every message comes, none before its time, and nobody else waits for that."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from local.receiver import Received, Receiver, Reply
from notifications.core import pacing
from notifications.core.errors import Unavailable
from notifications.core.model import Rule, WebhookSpec, timestamp
from notifications.core.pacing import MARGIN, Pace
from notifications.store.paces import PaceStore
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, dynamodb_calls, hint, pending
from tests.cloud.services import services
from tests.cloud.values import channel as a_channel
from tests.integration.flapping import set_health
from tests.integration.smtp_script import SPEC, server

QUARTER, HOUR = Pace(timedelta(seconds=0.25 * MARGIN), "4/s"), Pace(timedelta(hours=1), "1/h")


class Clocked:
    """A receiver that notes when what came."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.texts: list[str] = []
        self.lock = threading.Lock()
        self.receiver = Receiver(self.reply)

    def reply(self, request: Received) -> Reply:
        """Note the time first, since answering takes a while."""
        with self.lock:
            self.times.append(time.monotonic())
            self.texts.append(request.text)
        return Reply()

    @property
    def gaps(self) -> list[float]:
        """The seconds from one message to the next."""
        return [after - before for before, after in pairwise(self.times)]


@pytest.fixture
def clocked() -> Iterator[Clocked]:
    """Receive webhooks."""
    found = Clocked()
    with found.receiver:
        yield found


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a machine that is busy with other things miss no slot."""
    monkeypatch.setattr(pacing, "LATE_AT_LEAST", timedelta(seconds=3))


@pytest.fixture
def paced(pipeline: Pipeline, clocked: Clocked) -> Rule:
    """Make a rule on a channel with a rate."""
    del pipeline
    return add_rule(add_channel(clocked.receiver.url, rate="4/s"))


def events(count: int) -> list[dict[str, object]]:
    """Make events."""
    return [document(f"e-{number}") for number in range(count)]


@pytest.mark.usefixtures("patient")
def test_what_is_near_is_waited_for(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """A batch is sent in its order, each message at its slot, with one write for all slots."""
    with dynamodb_calls() as calls:
        pipeline.dispatch(*events(5))
    assert calls.count("UpdateItem") == 1
    assert len(clocked.gaps) == 4
    assert 0.9 <= sum(clocked.gaps) < 3, "four gaps of a quarter of a second, and a little"
    assert all(made.delivery(paced, f"e-{number}").status == "delivered" for number in range(5))


@pytest.mark.usefixtures("patient")
def test_what_is_later_waits_in_the_queue(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """A delivery that is due later says for what it waits, and its message comes early enough."""
    del clocked
    pipeline.dispatch(*events(10))
    pipeline.dispatch(*(document(f"f-{number}") for number in range(10)))
    record = made.delivery(paced, "f-9")
    assert record.status == "pending"
    assert (record.reason or "").startswith("paced: 1")
    assert " before it, at 20" in (record.reason or "")
    assert record.attempt_count == 0
    assert record.next_attempt_at is not None
    delays = [message.delay for message in pipeline.take("delivery")]
    assert delays == sorted(delays)
    left = (record.next_attempt_at - datetime.now(UTC)).total_seconds()
    assert left - 2.5 <= delays[-1] <= left


def slot_in(seconds: float) -> dict[str, Any]:
    """Describe a delivery whose slot is in so many seconds."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return {"next_attempt_at": at, "look_at": at, "paced": "4/s"}


@pytest.mark.usefixtures("patient")
def test_a_message_that_comes_early_waits(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """A process waits for the slot that a delivery has, and takes no other."""
    record = pending(paced, **slot_in(0.8))
    began = time.monotonic()
    pipeline.redeliver(hint(record))
    assert clocked.times[0] - began >= 0.7
    assert made.delivery(paced).status == "delivered"
    assert services().paces.get(paced.channel_id) is None


def test_a_message_that_comes_late(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """A delivery that has missed its slot takes a new one, behind those that have theirs."""
    services().paces.reserve(paced.channel_id, 2, QUARTER, datetime.now(UTC))
    free = services().paces.get(paced.channel_id)
    assert free is not None
    pipeline.redeliver(hint(pending(paced, **slot_in(-0.2))))
    assert datetime.now(UTC) >= free
    assert len(clocked.times) == 1


def test_a_slot_of_another_rate(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """When a channel's rate was changed, what waited for its turn by the old one takes a new slot."""
    services().paces.reserve(paced.channel_id, 2, QUARTER, datetime.now(UTC))
    free = services().paces.get(paced.channel_id)
    assert free is not None
    pipeline.redeliver(hint(pending(paced, **{**slot_in(0.1), "paced": "10/s"})))
    assert datetime.now(UTC) >= free
    assert len(clocked.times) == 1


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
    assert clocked.times[3] - clocked.times[0] >= 0.9


def test_no_slot_can_be_reserved(
    pipeline: Pipeline, paced: Rule, clocked: Clocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If DynamoDB takes no reservation the delivery waits, and those of other channels go out."""

    def refused(*_: object) -> None:
        raise Unavailable("busy")

    monkeypatch.setattr(PaceStore, "reserve", refused)
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
    services().paces.reserve(rule.channel_id, 100, HOUR, datetime.now(UTC))
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
    from notifications.outbound.sender import Sender  # noqa: PLC0415

    def die(*_: object) -> None:
        raise made.Death

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "_look", die)
        with pytest.raises(made.Death):
            pipeline.dispatch(*events(3))
    made.end_leases("e-0", "e-1", "e-2")
    pipeline.dispatch(*events(3), receives=2)
    pipeline.drain()
    assert len(clocked.times) == 3
    assert min(clocked.gaps) >= 0.8 / 4
    assert {made.delivery(paced, f"e-{number}").status for number in range(3)} == {"delivered"}


def test_a_probe_is_not_paced(pipeline: Pipeline, paced: Rule, clocked: Clocked) -> None:
    """A suspended channel is probed though many slots are taken, else the suspension would last for them."""
    services().paces.reserve(paced.channel_id, 100, QUARTER, datetime.now(UTC))
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
    services().paces.reserve(paced.channel_id, 5000, QUARTER, datetime.now(UTC))
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


def test_a_channel_says_how_it_is_paced(pipeline: Pipeline, paced: Rule) -> None:
    """It shows the rate, and when a message that came now would be sent; another rate starts anew."""
    path = f"/notifications/channels/{paced.channel_id}"
    shown = call("GET", path).json["channel"]
    assert (shown["effective_rate"], shown["paced_until"], shown["held_back_until"]) == ("4/s", None, None)
    services().paces.reserve(paced.channel_id, 100, QUARTER, datetime.now(UTC))
    clock = services().paces.get(paced.channel_id)
    assert clock is not None
    assert call("GET", path).json["channel"]["paced_until"] == timestamp(clock)
    assert call("PATCH", path, {"name": "Another"}).json["channel"]["paced_until"] == timestamp(clock)
    changed = call("PATCH", path, {"rate": "8/s"}).json["channel"]
    assert (changed["effective_rate"], changed["paced_until"]) == ("8/s", None)
    services().health_keeper.hold_back(paced.channel_id, clock)
    assert call("GET", path).json["channel"]["held_back_until"] == timestamp(clock)
    (listed,) = call("POST", "/notifications/channels/search", {}).json["channels"]
    assert (listed["effective_rate"], listed["held_back_until"]) == ("8/s", timestamp(clock))
    assert call("PATCH", path, {"rate": "none"}).json["channel"]["effective_rate"] is None
    del pipeline


@pytest.mark.parametrize("rate", ["0/s", "1/d", "11/s", "fast"])
def test_what_is_no_rate(pipeline: Pipeline, paced: Rule, rate: str) -> None:
    """A rate that is none is refused, with what would be right."""
    del pipeline
    answer = call("PATCH", f"/notifications/channels/{paced.channel_id}", {"rate": rate})
    assert answer.status == 400
    assert "such as 1/s, 30/m or 100/h" in answer.text


def test_a_simulation_says_for_what_it_would_wait(pipeline: Pipeline, paced: Rule) -> None:
    """A rule that fires says whose turn would come first, or that the receiver wants nothing for now."""
    del pipeline
    other = add_rule(add_channel("https://example.com"))

    def reasons() -> dict[str, str | None]:
        body = {"rule_type": paced.rule_type, "notification_data": made.DATA}
        rules = call("POST", "/notifications/simulations", body).json["rules"]
        assert {rule["verdict"] for rule in rules} == {"fires"}
        return {rule["rule_id"]: rule["reason"] for rule in rules}

    assert reasons() == {paced.id: None, other.id: None}
    services().paces.reserve(paced.channel_id, 100, QUARTER, datetime.now(UTC))
    services().health_keeper.hold_back(other.channel_id, datetime.now(UTC) + timedelta(seconds=60))
    told = reasons()
    assert re.match("paced: (100|99|98) before it, at 20", told[paced.id] or "")
    assert (told[other.id] or "").startswith("held back: the receiver asked for no message before 20")


def test_an_explanation_says_for_what_it_waits(pipeline: Pipeline, paced: Rule) -> None:
    """What waits for its turn says so."""
    services().paces.reserve(paced.channel_id, 100, QUARTER, datetime.now(UTC))
    pipeline.dispatch(document())
    (rule,) = call("GET", "/notifications/events/e-1/explanation").json["rules"]
    assert rule["verdict"] == "fires"
    assert (rule["delivery"]["status"], rule["delivery"]["attempt_count"]) == ("pending", 0)
    assert re.match("paced: (100|99|98) before it, at 20", rule["delivery"]["reason"])


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
