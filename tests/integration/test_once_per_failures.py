"""Once-per when the event that went fails for good, or its dispatcher dies: the others are not silenced."""

import pytest

from local.receiver import Received, Receiver, Reply
from notifications.core.event_records import ended
from notifications.core.model import Digest, OncePer
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule
from tests.cloud.services import services
from tests.integration.collapsing import Clock, clock, die_at, dispatch, later, once, own, texts

__all__ = ["clock"]

DELIVER = "notifications.delivering.deliverer.Deliverer.deliver"


@pytest.mark.parametrize(
    ("template", "status"),
    [("{{ 1 // (session_name | int) }}", "failed"), ("{% if session_name == '1' %}1{% endif %}", "skipped")],
)
def test_a_first_whose_message_fails_silences_nobody(
    pipeline: Pipeline, receiver: Receiver, template: str, status: str
) -> None:
    """If the first event's message fails or is empty, the next one goes, of the same batch too."""
    rule = once(receiver.url, message_template=template)
    pipeline.dispatch(
        made.document("e-1", made.DATA | {"session_name": "0"}),
        made.document("e-2", made.DATA | {"session_name": "0"}),
        made.document("e-3", made.DATA | {"session_name": "1"}),
        made.document("e-4", made.DATA | {"session_name": "1"}),
    )
    assert texts(receiver) == [1]
    assert [made.delivery(rule, f"e-{number}").status for number in range(1, 5)] == [
        status,
        status,
        "delivered",
        "skipped",
    ]
    assert made.delivery(rule, "e-4").reason == f"repeat of e-3_{rule.id} (2nd in 10m)"


def test_a_first_that_is_refused_by_its_receiver_silences_nobody(pipeline: Pipeline) -> None:
    """What the receiver refuses for good opens the window again, and its repeats are told by the next."""

    def reply(request: Received) -> Reply:
        return Reply(400 if "e-1 " in request.text else 200)

    with Receiver(reply) as receiver:
        rule = once(receiver.url)
        dispatch(pipeline, "e-1")
        dispatch(pipeline, "e-2")
        dispatch(pipeline, "e-3")
        assert texts(receiver) == ["e-1 0", "e-2 0"]
        assert made.delivery(rule, "e-3").reason == f"repeat of e-2_{rule.id} (2nd in 10m)"


def test_what_a_failed_first_should_have_told_is_told_by_the_next(pipeline: Pipeline) -> None:
    """The count of repeats is not lost with a message that nobody saw."""

    def reply(request: Received) -> Reply:
        return Reply(400 if "e-4 " in request.text else 200)

    with Receiver(reply) as receiver:
        once(receiver.url)
        dispatch(pipeline, "e-1", "e-2", "e-3")
        later(minutes=10)
        dispatch(pipeline, "e-4")
        dispatch(pipeline, "e-5")
        assert texts(receiver) == ["e-1 0", "e-4 2", "e-5 2"]


def test_a_first_that_waits_for_another_attempt_is_no_failure(pipeline: Pipeline) -> None:
    """As long as the first may still be delivered, the others are its repeats."""
    with Receiver(lambda _: Reply(503)) as receiver:
        rule = once(receiver.url)
        dispatch(pipeline, "e-1")
        dispatch(pipeline, "e-2")
        assert made.delivery(rule, "e-1").status == "pending"
        assert made.delivery(rule, "e-2").status == "skipped"


def test_a_first_whose_channel_was_switched_off_silences_nobody(
    pipeline: Pipeline, receiver: Receiver
) -> None:
    """If the first ends as skipped because its channel is off, the window opens again."""
    with Receiver(lambda _: Reply(503)) as busy:
        channel = add_channel(busy.url)
        rule = add_rule(channel, once_per=OncePer(600))
        dispatch(pipeline, "e-1")
    services().channels.update(channel.id, {"enabled": False})
    pipeline.drain()
    assert made.delivery(rule, "e-1").status == "skipped"
    spec = add_channel(receiver.url).spec
    services().channels.update(channel.id, {"enabled": True, "spec": spec})
    dispatch(pipeline, "e-2")
    assert made.delivery(rule, "e-2").status == "delivered"


def test_a_first_whose_dispatcher_died_is_sent_when_it_comes_again(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A death between opening the window and recording neither loses the event nor silences it."""
    rule = once(receiver.url)
    die_at(DELIVER, pipeline, monkeypatch)
    dispatch(pipeline, "e-2")
    assert made.delivery(rule, "e-2").reason == f"repeat of e-1_{rule.id} (2nd in 10m)"
    made.end_leases("e-1")
    pipeline.dispatch(made.document("e-1", made.DATA | {"session_id": "e-1"}), receives=2)
    assert texts(receiver) == ["e-1 0"]


def test_a_first_that_ended_without_a_delivery_silences_nobody(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the first event is refused when it comes again, or is given up, the next one goes."""
    rule = once(receiver.url)
    die_at(DELIVER, pipeline, monkeypatch)
    events = services().events
    seen = events.get("e-1")
    assert events.put_if(ended(seen, Clock.at, "refused", "its type was changed"), seen)
    dispatch(pipeline, "e-2")
    assert made.delivery(rule, "e-2").status == "delivered"


def test_a_digest_that_fails_silences_nobody(pipeline: Pipeline, receiver: Receiver) -> None:
    """A first event that was collected has gone only if its digest has."""
    rule = once(receiver.url, period=3600, message_template="{{ 1 // 0 }}", digest=Digest("5m"))
    dispatch(pipeline, "e-1")
    dispatch(pipeline, "e-2")
    assert [made.delivery(rule, each).status for each in ("e-1", "e-2")] == ["collected", "skipped"]
    pipeline.drain()
    assert own(rule, "e-1").status == "failed"
    later(minutes=6)
    dispatch(pipeline, "e-3")
    assert made.delivery(rule, "e-3").status == "collected"
