"""Digests while other things change: rules and channels, failures, and what operators do."""

from importlib import import_module

import pytest

from local.receiver import Receiver
from notifications.core.errors import EventConflict
from notifications.core.model import Digest
from notifications.core.rule_types import BUILT_IN
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline
from tests.cloud.services import services
from tests.integration.collapsing import Clock, clock, digest, dispatch, event, own, texts
from tests.integration.flapping import set_health

__all__ = ["clock"]

STARTED = BUILT_IN["session.started"]


def close(pipeline: Pipeline) -> None:
    """Have the digests closed whose messages are on the queue."""
    pipeline.drain()


def retry(delivery_id: str, choice: str = "recorded") -> None:
    """Send a delivery again, as an operator does."""
    import_module("deliveries_api.retry").retry(services(), delivery_id, choice)


def test_a_lowered_limit_closes_what_has_more(pipeline: Pipeline, receiver: Receiver) -> None:
    """A digest that is open when its rule's limit is lowered below its events takes no more."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1", "e-2", "e-3")
    services().rules.update(rule, {"digest": Digest("5m", (), 2)}, STARTED)
    dispatch(pipeline, "e-4")
    close(pipeline)
    assert sorted(texts(receiver)) == ["1: e-4 ", "3: e-1 e-2 e-3 "]


@pytest.mark.parametrize(
    ("change", "reason"),
    [("rule off", "rule_disabled"), ("rule gone", "rule_deleted"), ("channel off", "channel_disabled")],
)
def test_what_is_switched_off_meanwhile_is_skipped_with_the_reason(
    pipeline: Pipeline, receiver: Receiver, change: str, reason: str
) -> None:
    """A digest whose rule or channel is off when it closes ends as skipped, and nothing joins it any more."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1")
    match change:
        case "rule off":
            services().rules.update(rule, {"enabled": False}, STARTED)
        case "rule gone":
            services().rules.delete(rule.id)
        case _:
            services().channels.update(rule.channel_id, {"enabled": False})
    close(pipeline)
    sent = own(rule, "e-1")
    assert (sent.status, sent.reason) == ("skipped", reason)
    assert texts(receiver) == []
    if change != "rule gone":
        services().rules.update(rule, {"enabled": True}, STARTED)
        services().channels.update(rule.channel_id, {"enabled": True})
        dispatch(pipeline, "e-2")
        assert own(rule, "e-2").event_id != sent.event_id
        close(pipeline)
        retry(sent.id)
        close(pipeline)
        assert texts(receiver) == ["1: e-2 ", "1: e-1 "]


def test_a_rule_that_observes_meanwhile_renders_only(pipeline: Pipeline, receiver: Receiver) -> None:
    """A digest whose rule observes when it closes is rendered and recorded, and not sent."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1")
    services().rules.update(rule, {"observe": True}, STARTED)
    close(pipeline)
    record = own(rule, "e-1")
    assert (record.status, record.message, texts(receiver)) == ("observed", '"1: e-1 "', [])


def test_a_rule_that_observes_opens_no_digest(pipeline: Pipeline, receiver: Receiver) -> None:
    """Each event is observed as a digest of its own."""
    rule = digest(receiver.url, observe=True)
    dispatch(pipeline, "e-1", "e-2")
    assert [made.delivery(rule, each).message for each in ("e-1", "e-2")] == ['"1: e-1 "', '"1: e-2 "']
    assert pipeline.take("delivery") == []


def test_a_changed_rule_closes_with_what_it_says_then(pipeline: Pipeline, receiver: Receiver) -> None:
    """A digest is rendered by the template of when it closes; with another period another one is opened."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1")
    changes = {"message_template": '"new {{ count }}"', "digest": Digest("10m")}
    services().rules.update(rule, changes, STARTED)
    dispatch(pipeline, "e-2")
    close(pipeline)
    assert texts(receiver) == ["new 1", "new 1"]


def test_a_rule_that_moves_meanwhile_takes_its_digest_along(pipeline: Pipeline, receiver: Receiver) -> None:
    """A digest goes to the channel that its rule has when it closes, since the template is that channel's."""
    rule = digest(f"{receiver.url}/old")
    dispatch(pipeline, "e-1", "e-2")
    other = made.add_channel(f"{receiver.url}/new")
    changes = {"channel_id": other.id, "message_template": '"new {{ count }}"'}
    services().rules.update(rule, changes, STARTED)
    services().channels.update(rule.channel_id, {"enabled": False})
    close(pipeline)
    assert [(request.path, request.text) for request in receiver.received] == [("/new", '"new 2"')]
    sent = own(rule, "e-1")
    assert (sent.status, sent.channel_id) == ("delivered", other.id)


def test_a_rule_without_digest_meanwhile_sends_what_was_collected(
    pipeline: Pipeline, receiver: Receiver
) -> None:
    """What was collected is still sent as one message when the rule collects no more."""
    rule = digest(receiver.url, message_template='"{{ session_id }}"')
    dispatch(pipeline, "e-1", "e-2")
    services().rules.update(rule, {"digest": None}, STARTED)
    dispatch(pipeline, "e-3")
    close(pipeline)
    assert texts(receiver) == ["e-3", "e-2"]


def test_a_digest_that_cannot_be_rendered_can_be_sent_when_its_template_is_mended(
    pipeline: Pipeline, receiver: Receiver
) -> None:
    """It fails with the reason, and a retry renders it with the template of then."""
    rule = digest(receiver.url, message_template="{{ 1 // (count - count) }}")
    dispatch(pipeline, "e-1", "e-2")
    close(pipeline)
    failed = own(rule, "e-1")
    assert (failed.status, failed.error_class) == ("failed", "render")
    assert "ZeroDivisionError" in (failed.reason or "")
    services().rules.update(rule, {"message_template": "{{ count }}"}, STARTED)
    retry(failed.id)
    close(pipeline)
    assert (texts(receiver), own(rule, "e-1").status) == ([2], "delivered")


def test_a_digest_can_be_rendered_again(pipeline: Pipeline, receiver: Receiver) -> None:
    """A retry sends the recorded message, or one that is rendered with the template of now."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1")
    close(pipeline)
    services().rules.update(rule, {"message_template": '"new {{ count }}"'}, STARTED)
    for choice in ("recorded", "rendered"):
        retry(own(rule, "e-1").id, choice)
        close(pipeline)
    assert texts(receiver) == ["1: e-1 ", "1: e-1 ", "new 1"]


def test_an_open_digest_is_closed_by_a_retry(pipeline: Pipeline, receiver: Receiver) -> None:
    """Who does not want to wait has the digest sent at once; what comes later is in the next one."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1")
    first = own(rule, "e-1")
    pipeline.take("delivery")
    retry(first.id)
    close(pipeline)
    dispatch(pipeline, "e-2")
    assert texts(receiver) == ["1: e-1 "]
    assert own(rule, "e-2").event_id != first.event_id


def test_a_digest_that_is_full_before_its_retry_has_closed_it(pipeline: Pipeline, receiver: Receiver) -> None:
    """Events that fill a digest join it though somebody has just had it sent by hand; no batch goes back."""
    rule = digest(receiver.url, most=2)
    dispatch(pipeline, "e-1")
    pipeline.take("delivery")
    retry(own(rule, "e-1").id)
    dispatch(pipeline, "e-2", "e-3")
    assert own(rule, "e-2").event_id == own(rule, "e-1").event_id
    assert own(rule, "e-3").event_id != own(rule, "e-1").event_id
    pipeline.redeliver(*(message.body for message in pipeline.take("delivery") if not message.delay))
    assert texts(receiver) == ["2: e-1 e-2 "]


def test_an_empty_digest_message_is_not_sent(pipeline: Pipeline, receiver: Receiver) -> None:
    """A digest's template may decide that nothing is worth a message."""
    rule = digest(receiver.url, message_template="{% if count > 1 %}1{% endif %}")
    dispatch(pipeline, "e-1")
    close(pipeline)
    assert (own(rule, "e-1").status, own(rule, "e-1").reason) == ("skipped", "empty message")


def test_a_digest_that_kills_whoever_renders_it_fails(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three deaths its delivery fails, and nothing joins it any more."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1")
    first = own(rule, "e-1")
    with monkeypatch.context() as patch:
        patch.setattr("notifications.delivering.digesting.Digesting.rendered", made.die)
        for _ in range(3):
            record = made.delivery(rule, first.event_id)
            with pytest.raises(made.Death):
                pipeline.redeliver({**made.hint(record), "claims": record.claims})
    pipeline.redeliver({**made.hint(made.delivery(rule, first.event_id)), "claims": 3})
    assert own(rule, "e-1").status == "failed"
    dispatch(pipeline, "e-2")
    assert own(rule, "e-2").event_id != first.event_id


def test_a_suspended_channel_holds_digests(pipeline: Pipeline, receiver: Receiver) -> None:
    """A digest for a channel that is suspended is held like any other delivery, as rendered."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1")
    set_health(rule.channel_id, suspended_at=Clock.at)
    close(pipeline)
    assert (own(rule, "e-1").status, own(rule, "e-1").message) == ("held", '"1: e-1 "')


def test_the_pseudo_event_is_listed_and_cannot_be_dispatched(pipeline: Pipeline, receiver: Receiver) -> None:
    """A digest is an event of a type of its own, with one delivery."""
    rule = digest(receiver.url, by=("session_type",))
    dispatch(pipeline, "e-1")
    digest_id = own(rule, "e-1").event_id
    event = made.event(digest_id)
    assert (event.rule_type, event.status) == ("notification.digest", "dispatched")
    with pytest.raises(EventConflict, match="delivery retry"):
        import_module("deliveries_api.dispatching").dispatch(services(), digest_id)


def test_without_time_an_event_comes_again(pipeline: Pipeline, receiver: Receiver) -> None:
    """An invocation that is nearly over decides about no group: the queue keeps the events."""
    rule = digest(receiver.url)
    answer = pipeline.dispatch(event("e-1"), event("e-2"), seconds=5)
    assert len(answer["batchItemFailures"]) == 2
    assert services().records.rules_met("e-1") == set()
    assert pipeline.dispatch(event("e-1"), event("e-2"), receives=2) == {"batchItemFailures": []}
    assert own(rule, "e-1") == own(rule, "e-2")
