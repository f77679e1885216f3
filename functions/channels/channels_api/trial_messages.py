"""Test messages, which show whether a channel works."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from notifications.core import rendering
from notifications.core.errors import DeliveryFailed, InvalidRequest, NoRecipient
from notifications.core.json_text import compact
from notifications.core.kinds import judge, kind_of
from notifications.core.messages import Message
from notifications.core.model import Channel, PresetName, WebhookSpec
from notifications.delivering.outgoing import build_request
from notifications.wiring import Services

RULE_TYPE = "test"
TEST_TIMEOUT_SECONDS = 25
"""The longest timeout of a test message: API Gateway waits 29 s for a response."""


def send(services: Services, channel: Channel, message: str | None) -> None:
    """Send a message for real, whether the channel is enabled or not. Without one, send the preset's sample.

    Raises:
        DeliveryFailed: the receiver refused it, failed, or was not reached.
        InvalidRequest: all of its recipients are templates; or there is neither a message nor a preset.
        TemplateError: the channel's subject template fails without an event, or the service of its preset
            would refuse the message.
    """
    spec = replace(channel.spec, timeout=min(channel.spec.timeout, TEST_TIMEOUT_SECONDS))
    now = datetime.now(UTC)
    message_id = str(uuid4())
    made = _made(channel, message, message_id, now)
    content = rendering.completed(spec, made, {"rule_type": RULE_TYPE, "timestamp": now, "data": {}})
    try:
        request = build_request(services.vault, replace(channel, spec=spec), content, message_id, now)
    except NoRecipient:
        raise InvalidRequest(
            "A test message has no event from which the channel's templates could render a recipient; "
            "add an address to the channel for the test"
        ) from None
    outcome = kind_of(request).shown(request, services.sender.send(request))
    judgement = judge(spec, outcome)
    if not judgement.delivered:
        raise DeliveryFailed(judgement.reason)


def _made(channel: Channel, message: str | None, message_id: str, now: datetime) -> str:
    """Return the message as a rule would have rendered it, and as the channel's preset takes it."""
    preset = channel.spec.preset if isinstance(channel.spec, WebhookSpec) else None
    if preset is None:
        if message is None:
            raise InvalidRequest("test_message: it is missing, and only channels with a preset have a sample")
        return message
    from notifications.core import presets  # noqa: PLC0415 - most channels have none

    sends = presets.PRESETS[preset]
    if message is None:
        message = compact(sends.compose(_sample(channel, preset, message_id, now)))
    return presets.fitted(sends, message, message_id)


def _sample(channel: Channel, preset: PresetName, message_id: str, now: datetime) -> Message:
    from notifications.core.presets import PRESETS  # noqa: PLC0415 - see above

    return Message(
        title="Test message of Backend.AI",
        text="Notifications of this channel look like this.",
        fields=(("Channel", PRESETS[preset].escape(channel.name)),),
        link=None,
        level="info",
        at=now,
        zone=channel.timezone,
        event_id=message_id,
        rule_type=RULE_TYPE,
    )
