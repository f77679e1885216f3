"""Test messages, which show whether a channel works."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from notifications.core import rendering
from notifications.core.delivery import Content
from notifications.core.errors import DeliveryFailed, InvalidRequest, NoRecipient
from notifications.core.json_text import compact
from notifications.core.kinds import judged
from notifications.core.messages import Message
from notifications.core.model import Channel, EmailSpec, PresetName, WebhookSpec
from notifications.delivering.outgoing import build_request
from notifications.wiring import Services

RULE_TYPE = "test"
TEST_TIMEOUT_SECONDS = 25
"""The longest timeout of a test message: API Gateway waits 29 s for a response."""


def send(services: Services, channel: Channel, message: str | None) -> None:
    """Send a message for real, whether the channel is enabled or not. Without one, send a sample.

    Raises:
        DeliveryFailed: the receiver refused it, failed, or was not reached.
        InvalidRequest: all of its recipients are templates; or there is no message, and the channel has no
            default messages either.
        TemplateError: the channel's subject template fails without an event, or the service of its preset
            would refuse the message.
    """
    spec = replace(channel.spec, timeout=min(channel.spec.timeout, TEST_TIMEOUT_SECONDS))
    now = datetime.now(UTC)
    message_id = str(uuid4())
    content = _content(replace(channel, spec=spec), message, message_id, now)
    try:
        request = build_request(services.vault, replace(channel, spec=spec), content, message_id, now)
    except NoRecipient:
        raise InvalidRequest(
            "A test message has no event from which the channel's templates could render a recipient; "
            "add an address to the channel for the test"
        ) from None
    _, judgement = judged(spec, request, services.sender.send(request))
    if not judgement.delivered:
        raise DeliveryFailed(judgement.reason)


def _content(channel: Channel, message: str | None, message_id: str, now: datetime) -> Content:
    """Return what is sent: the message as a rule would have rendered it, or the channel's sample."""
    variables = {"rule_type": RULE_TYPE, "timestamp": now, "data": {}}
    match channel.spec:
        case EmailSpec() as spec if message is None:
            return rendering.as_email(spec, _sample(channel, str, message_id, now), variables)
        case WebhookSpec(preset=str(preset)):
            message = _of_preset(channel, preset, message, message_id, now)
    if message is None:
        raise InvalidRequest(
            "test_message: it is missing, and only email and channels with a preset have a sample"
        )
    return rendering.completed(channel.spec, message, variables)


def _of_preset(
    channel: Channel, preset: PresetName, message: str | None, message_id: str, now: datetime
) -> str:
    """Return a message as the channel's preset takes it."""
    from notifications.core import presets  # noqa: PLC0415 - most channels have none

    sends = presets.PRESETS[preset]
    if message is None:
        message = compact(sends.compose(_sample(channel, sends.escape, message_id, now)))
    return presets.fitted(sends, message, message_id)


def _sample(channel: Channel, escape: Callable[[str], str], message_id: str, now: datetime) -> Message:
    return Message(
        title="Test message of Backend.AI",
        text="Notifications of this channel look like this.",
        fields=(("Channel", escape(channel.name)),),
        link=None,
        level="info",
        at=now,
        zone=channel.timezone,
        event_id=message_id,
        rule_type=RULE_TYPE,
    )
