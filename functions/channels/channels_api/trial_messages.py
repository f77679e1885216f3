"""Test messages, which show whether a channel works."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from notifications.core import rendering
from notifications.core.errors import DeliveryFailed, InvalidRequest, NoRecipient
from notifications.core.kinds import judge, kind_of
from notifications.core.model import Channel
from notifications.delivering.outgoing import build_request
from notifications.wiring import Services

TEST_TIMEOUT_SECONDS = 25
"""The longest timeout of a test message: API Gateway waits 29 s for a response."""


def send(services: Services, channel: Channel, message: str) -> None:
    """Send a message for real, whether the channel is enabled or not.

    Raises:
        DeliveryFailed: the receiver refused it, failed, or was not reached.
        InvalidRequest: all of its recipients are templates.
        TemplateError: the channel's subject template fails without an event.
    """
    spec = replace(channel.spec, timeout=min(channel.spec.timeout, TEST_TIMEOUT_SECONDS))
    now = datetime.now(UTC)
    content = rendering.completed(spec, message, {"rule_type": "test", "timestamp": now, "data": {}})
    try:
        request = build_request(services.vault, replace(channel, spec=spec), content, str(uuid4()), now)
    except NoRecipient:
        raise InvalidRequest(
            "A test message has no event from which the channel's templates could render a recipient; "
            "add an address to the channel for the test"
        ) from None
    outcome = kind_of(request).shown(request, services.sender.send(request))
    judgement = judge(spec, outcome)
    if not judgement.delivered:
        raise DeliveryFailed(judgement.reason)
