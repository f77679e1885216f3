"""What windows make of an event for a rule, as explanations and simulations tell it."""

from datetime import datetime
from typing import Literal

from notifications.core.delivery import Content
from notifications.core.model import Rule
from notifications.core.records import DeliveryRecord
from notifications.core.texts import counted
from notifications.core.values import value
from notifications.core.windows.digests import OpenDigest
from notifications.core.windows.repeats import MAX_RECORDED, REASON


@value
class Outlook:
    """What windows make of an event. ``name``: None if it goes by itself. ``reason``: in words.

    ``repeats``: how many were suppressed before it. ``content``: its message as it was recorded, None if it
    is to be rendered; ``renders``: whether it has a message of its own.
    """

    name: Literal["repeated", "collected"] | None = None
    reason: str | None = None
    repeats: int = 0
    content: Content | None = None
    renders: bool = True


def repeated(reason: str) -> Outlook:
    """Tell of an event that is a repeat."""
    return Outlook("repeated", reason, renders=False)


def collecting(seen: OpenDigest | None, closes_at: datetime) -> Outlook:
    """Tell of an event that would join the digest that is open, or open one that closes then."""
    if seen is None:
        return Outlook("collected", f"opens a digest that closes at {_shown(closes_at)}")
    events = counted(seen.count, "event", "events")
    return Outlook("collected", f"joins {seen.id}, which has {events} and closes at {_shown(seen.closes_at)}")


def recorded(
    rule: Rule, delivery: DeliveryRecord | None, digest: DeliveryRecord | None, *, ended: bool
) -> Outlook:
    """Tell what the windows made of an event from its delivery. ``digest``: the delivery of its digest.

    ``ended``: whether its dispatch has; then one without a delivery was a repeat that was only counted.
    """
    if delivery is None:
        only_counted = f"a repeat of an hour with more than {MAX_RECORDED:,}, which are only counted"
        return repeated(only_counted) if ended and rule.once_per is not None else Outlook()
    if delivery.status == "collected":
        return Outlook("collected", _of_digest(delivery, digest), renders=False)
    if delivery.status == "skipped" and (delivery.reason or "").startswith(REASON):
        return repeated(delivery.reason or "")
    # What was sent cannot be rendered again: how many repeats there had been is known no more.
    return Outlook(content=None if delivery.message is None else delivery.content)


def of_digest(digest: DeliveryRecord) -> str:
    """Say what became of a digest."""
    if digest.status == "pending" and digest.message is None and digest.next_attempt_at is not None:
        return f"closes at {_shown(digest.next_attempt_at)}"
    return f"is {digest.status}" + (f" ({digest.reason})" if digest.reason else "")


def _of_digest(delivery: DeliveryRecord, digest: DeliveryRecord | None) -> str:
    if digest is None:
        return f"in {delivery.digest_id}, of which no record is kept any more"
    return f"in {delivery.digest_id}, which {of_digest(digest)}"


def _shown(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
