"""Digests: one message for the events of a group that come while the digest is open.

A digest is a pseudo-event with one delivery, so that everything that works on deliveries works on it: lists,
retries, suspensions, the sweeper. Its delivery is pending until the digest closes and is rendered.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from notifications.core.event_records import EventRecord
from notifications.core.json_text import compact
from notifications.core.model import Digest, Rule, timestamp
from notifications.core.records import DeliveryRecord, waiting
from notifications.core.rule_types.own import DIGEST
from notifications.core.texts import cut
from notifications.core.values import value
from notifications.core.variables import Variables
from notifications.core.windows.grouping import Group, nested

MAX_EVENTS_BYTES = 8 * 1024 * 1024
"""How many bytes of documents one digest renders. Their fields take some twenty times as much memory."""

ID_PREFIX = "digest-"


@value
class OpenDigest:
    """A digest that events can still join. ``count``: how many it has."""

    id: str
    closes_at: datetime
    count: int = 0


@value
class Member:
    """An event in a digest. ``document``: None if it is large, and so only in the event's record.

    ``repeats``: how many repeats of it were suppressed before it, by the rule's once-per.
    """

    event_id: str
    document: str | None
    repeats: int = 0


def is_digest_event(record: EventRecord) -> bool:
    """Return whether an event is a digest. Any other event of that type was refused."""
    return record.rule_type == DIGEST and record.status == "dispatched"


def event_of(rule: Rule, digest: Digest, new: OpenDigest, group: Group, now: datetime) -> EventRecord:
    """Make the pseudo-event of a digest."""
    key = [cut(compact(each)) if isinstance(each, (dict, list)) else each for each in group.values]
    key = [cut(each) if isinstance(each, str) else each for each in key]
    detail = {
        "rule_id": rule.id,
        "rule_type": rule.rule_type,
        "period": digest.period,
        "key": dict(zip(digest.by, key, strict=True)),
    }
    document = {
        "version": "0",
        "id": new.id,
        "detail-type": DIGEST,
        "source": "backend.ai.notification",
        "time": timestamp(now),
        "resources": [],
        "detail": detail,
    }
    at = timestamp(now)
    return EventRecord(new.id, DIGEST, "dispatched", None, compact(document), at, at, at, listed=True)


def delivery_of(rule: Rule, new: OpenDigest, group: Group, now: datetime) -> DeliveryRecord:
    """Make the delivery of a digest, which waits until it closes."""
    at = timestamp(now)
    record = DeliveryRecord(
        event_id=new.id,
        rule_id=rule.id,
        channel_id=rule.channel_id,
        rule_type=rule.rule_type,
        status="pending",
        reason="collects events",
        created_at=at,
        updated_at=at,
        digest_id=new.id,
        group=group.name,
    )
    return waiting(record, new.closes_at, now)


def variables(
    events: Sequence[Variables], by: Sequence[str], values: Sequence[Any], count: int | None = None
) -> Variables:
    """Return the variables of a digest's templates: those of its last event, and those of ``DIGEST``.

    ``events``: the variables of its events, at least one, in order. ``count``: how many events it has, if
    some are left out.
    """
    total = len(events) if count is None else count
    shown = [dict(each) for each in events]  # templates take no other kind of mapping
    return events[-1].having(
        {
            "events": shown,
            "count": total,
            "left_out": total - len(events),
            "key": nested(by, values),
            "first": shown[0],
            "last": shown[-1],
        }
    )


def left_out(shown: int, total: int) -> str:
    """Say how many events are not in a digest's message."""
    return f"{total - shown} of {total} events are left out of the message, which would be too large"
