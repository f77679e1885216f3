"""What is about to be sent, and by which lane."""

import math
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from notifications.core import kinds
from notifications.core.channel_health import SLOW_SECONDS, Health
from notifications.core.delivery import Content, ErrorClass, Failure, Outcome, Request
from notifications.core.errors import NoRecipient, NotificationError, TemplateError
from notifications.core.kinds import kind_of
from notifications.core.model import Channel
from notifications.core.records import DeliveryRecord
from notifications.core.values import value
from notifications.store.vault import Vault

Lane = Literal["fast", "slow"]
"""In the fast lane nobody waits for long, so that a receiver that hangs delays no other; what was not
answered in time goes on in the slow lane, where the channel's own timeout holds."""

Handling = Literal["send", "hold", "slow"]


@value
class Outgoing:
    """A delivery with the request that carries it. ``probe``: it shows whether the receiver is well again."""

    record: DeliveryRecord
    channel: Channel
    request: Request
    probe: bool = False


def build_request(
    vault: Vault,
    channel: Channel,
    content: Content,
    message_id: str,
    now: datetime,
    settled: Collection[str] = (),
) -> Request:
    """Build what carries a message to a channel, with the channel's secrets and signed with them.

    ``settled``: recipients of an email who get it no more.

    Raises:
        InvalidRequest: an email address is malformed.
        NoRecipient: an event gives an email nobody to whom it may be sent.
        SecretsUnreadable, Unavailable: the secrets cannot be had.
    """
    known = vault.secrets(channel)
    spec = kind_of(channel.spec).put_secrets(channel.spec, known)
    return kinds.build_request(spec, content, message_id, now, known.signing_at(now), settled)


def unmade(error: NotificationError) -> ErrorClass:
    """Tell as what a delivery fails of which no request was made."""
    match error:
        case TemplateError():
            return "render"
        case NoRecipient():
            return "recipient"
        case _:
            return "invalid"


def handling(outgoing: Outgoing, health: Health | None, lane: Lane) -> Handling:
    """Tell what is to be done with a delivery now. Email is always slow: its servers may be."""
    if health is not None and health.suspended and not (outgoing.probe or outgoing.record.manual):
        return "hold"
    slow = not kind_of(outgoing.request).fast or (health is not None and health.slow)
    return "slow" if lane == "fast" and slow else "send"


def patience(lane: Lane) -> float:
    """Tell how many seconds a lane has for a request at most."""
    return SLOW_SECONDS if lane == "fast" else math.inf


def was_hurried(request: Request, outcome: Outcome, lane: Lane) -> bool:
    """Tell whether an exchange ended only because the fast lane had no more time for it."""
    timed_out = isinstance(outcome, Failure) and outcome.error_class == "timeout"
    return timed_out and lane == "fast" and request.timeout > SLOW_SECONDS
