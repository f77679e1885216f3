"""Deliveries about to be sent, and the lane that each takes."""

import math
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from notifications.core import kinds
from notifications.core.channel_health import SLOW_SECONDS, Health
from notifications.core.delivery import Content, ErrorClass, Failure, Outcome, Request
from notifications.core.errors import NoRecipient, NotificationError, TemplateError
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, WebhookSpec
from notifications.core.records import DeliveryRecord
from notifications.core.values import value
from notifications.store.vault import Vault

Lane = Literal["fast", "slow"]
"""The fast lane gives each request little time, so that a hanging receiver delays no other. A request that
gets no response in that time is sent again in the slow lane, with the channel's own timeout."""

Handling = Literal["send", "hold", "slow", "wait"]


if TYPE_CHECKING:
    from notifications.core.pacing import Pace


@value
class Outgoing:
    """A delivery and its request. ``probe``: it tests whether the receiver is well again."""

    record: DeliveryRecord
    channel: Channel
    request: Request
    probe: bool = False


@value
class Paced:
    """A delivery to a channel with a rate. ``waited``: for its slot, so it takes the next turn."""

    item: Outgoing
    pace: "Pace"
    waited: bool


def build_request(
    vault: Vault,
    channel: Channel,
    content: Content,
    message_id: str,
    now: datetime,
    settled: Collection[str] = (),
) -> Request:
    """Build the request that carries a message to a channel, with the channel's secrets, and sign it.

    ``settled``: recipients of an email who must not get it again.

    Raises:
        InvalidRequest: an email address is malformed.
        NoRecipient: the event gives an email no recipient to whom it may be sent.
        SecretsUnreadable, Unavailable: the secrets cannot be opened.
    """
    known = vault.secrets(channel)
    spec = kind_of(channel.spec).put_secrets(channel.spec, known)
    return kinds.build_request(spec, content, message_id, now, known.signing_at(now), settled)


def unmade(error: NotificationError) -> ErrorClass:
    """Return the error class of a delivery whose request could not be built."""
    match error:
        case TemplateError():
            return "render"
        case NoRecipient():
            return "recipient"
        case _:
            return "invalid"


def handling(outgoing: Outgoing, health: Health | None, lane: Lane, now: datetime) -> Handling:
    """Decide what happens with a delivery now.

    A suspension does not hold probes, which are to end it, nor what an operator sends by hand. A receiver
    that asked to wait gets none of these; a paced channel's deliveries take slots after that. Email always
    takes the slow lane, because mail servers greet slowly.
    """
    slow = not kind_of(outgoing.request).fast
    if health is not None:
        holds_back = health.holds_back(now)
        if health.suspended and not outgoing.record.manual and (holds_back or not outgoing.probe):
            return "hold"
        if holds_back and pace_of(outgoing.channel) is None:
            return "wait"
        slow = slow or health.slow
    return "slow" if lane == "fast" and slow else "send"


def pace_of(channel: Channel) -> "Pace | None":
    """Return how fast a channel's messages are sent; None for no limit, for which nothing is loaded."""
    spec = channel.spec
    if channel.rate is None and not (isinstance(spec, WebhookSpec) and spec.preset is not None):
        return None
    from notifications.core import pacing  # noqa: PLC0415 - only such channels need it

    return pacing.pace_of(channel)


def time_limit(lane: Lane) -> float:
    """Return the most seconds that a lane gives a request."""
    return SLOW_SECONDS if lane == "fast" else math.inf


def lane_timed_out(request: Request, outcome: Outcome, lane: Lane) -> bool:
    """Return whether only the fast lane's limit, and not the channel's own, ended an exchange."""
    timed_out = isinstance(outcome, Failure) and outcome.error_class == "timeout"
    return timed_out and lane == "fast" and request.timeout > SLOW_SECONDS
