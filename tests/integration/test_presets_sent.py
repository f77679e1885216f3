"""Deliveries of channels with presets: what is sent, recorded and explained."""

from dataclasses import asdict
from typing import Any

from notifications.core.model import Channel, PresetName, Rule, WebhookSpec
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.receivers.serving import Services

KEY = "0123456789abcdef0123456789abcdef"
TOPIC = "a_secret_topic"


def preset_channel(url: str, preset: PresetName, **spec: Any) -> Channel:
    """Add a channel with a preset, unpaced so that no slot can be missed."""
    return add_channel(url, spec=WebhookSpec(url=url, preset=preset, **spec), rate="none")


def recorded(rule: Rule) -> str:
    """Return all that the record of a rule's delivery says."""
    return str(asdict(made.delivery(rule)))


def test_routing_key_is_in_the_body_alone(pipeline: Pipeline) -> None:
    """PagerDuty gets the routing key; neither the record nor what explains the event shows it."""
    with Services() as receiver:
        channel = preset_channel(receiver.url_of("pagerduty"), "pagerduty", routing_key=KEY)
        rule = add_rule(channel, message_template="")
        pipeline.dispatch(document())
        (request,) = receiver.received
        assert f'"routing_key":"{KEY}"' in request.text
        assert made.delivery(rule).status == "delivered"
        assert KEY not in recorded(rule)
        explained = call("GET", "/notifications/events/e-1/explanation")
        assert "fires" in explained.text
        assert KEY not in explained.text


def test_topic_is_secret(pipeline: Pipeline) -> None:
    """The topic of ntfy goes from the URL into the body, and is masked where ntfy repeats it."""
    with Services() as receiver:
        rule = add_rule(preset_channel(f"{receiver.url}/{TOPIC}", "ntfy"), message_template="")
        pipeline.dispatch(document())
        (request,) = receiver.received
        assert (request.path, f'"topic":"{TOPIC}"' in request.text) == ("/", True)
        assert made.delivery(rule).status == "delivered"
        assert '"topic": "***"' in (made.delivery(rule).attempts[0].response or "")
        assert TOPIC not in recorded(rule)


def test_chat_is_in_the_body(pipeline: Pipeline) -> None:
    """Telegram's chat goes from the URL into the body; the token is in no record."""
    with Services() as receiver:
        url = f"{receiver.url_of('telegram')}?chat_id=-1001234&message_thread_id=5"
        rule = add_rule(preset_channel(url, "telegram"), message_template="")
        pipeline.dispatch(document())
        (request,) = receiver.received
        assert request.path == "/bot123456789:XXXXXXXX/sendMessage"
        assert '"chat_id":"-1001234","message_thread_id":"5"' in request.text
        assert made.delivery(rule).status == "delivered"
        assert "123456789:XXXXXXXX" not in recorded(rule)


def test_refused_for_good(pipeline: Pipeline) -> None:
    """What the service refuses for good is not tried again, and the reason says what to do."""
    with Services() as receiver:
        rule = add_rule(
            preset_channel(f"{receiver.url}/services/T/B/removed", "slack"), message_template='{"text": "x"}'
        )
        pipeline.dispatch(document())
        record = made.delivery(rule)
        assert (record.status, record.error_class) == ("failed", "status")
        assert record.reason == (
            "status 404: Slack said 'no_service': the webhook was removed or switched off; make a new one "
            "and set its URL"
        )


def test_asked_to_wait(pipeline: Pipeline) -> None:
    """The pause that a service asks for in its own way is kept."""
    with Services(clock=lambda: 0.0) as receiver:
        url = f"{receiver.url_of('telegram')}?chat_id=1"
        rules = [
            add_rule(
                preset_channel(f"{url}&message_thread_id={number}", "telegram"),
                name=f"Rule {number}",
                message_template='{"text": "x"}',
            )
            for number in range(1, 7)
        ]
        pipeline.dispatch(document())
        waiting = [record for rule in rules if (record := made.delivery(rule)).status == "pending"]
        (record,) = waiting
        assert record.reason is not None
        assert "takes no more messages for" in record.reason
        assert record.next_attempt_at is not None


def test_shows_nothing(pipeline: Pipeline) -> None:
    """What Teams would take and not show fails before it is sent."""
    with Services() as receiver:
        rule = add_rule(preset_channel(receiver.url_of("teams"), "teams"), message_template='{"text": "x"}')
        pipeline.dispatch(document())
        record = made.delivery(rule)
        assert (record.status, record.error_class) == ("failed", "render")
        assert "show nothing" in (record.reason or "")
        assert receiver.received == []


def test_rendered_for_another_receiver(pipeline: Pipeline) -> None:
    """What was rendered before its channel got a preset fails in words if it is not a JSON object."""
    with Services() as receiver:
        channel = add_channel(receiver.url_of("slack"), spec=WebhookSpec(url=receiver.url_of("slack")))
        rule = add_rule(channel)
        record = made.pending(rule, message="plain text")
        spec = WebhookSpec(url=channel.spec.url, preset="slack")  # type: ignore[union-attr]
        services().channels.update(channel.id, {"spec": spec, "updated_at": record.updated_at})
        pipeline.redeliver(made.hint(record))
        ended = made.delivery(rule)
        assert (ended.status, ended.error_class) == ("failed", "invalid")
        assert "not a JSON object" in (ended.reason or "")
        assert receiver.received == []
