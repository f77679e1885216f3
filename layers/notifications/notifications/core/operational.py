"""Operational events: how the service notifies operators about itself, through rules.

There is only one level: the delivery of an operational event never makes another, whatever becomes of it. Its
failure counts towards a suspension like any other, but a suspension that only such failures caused makes no
event, nor does its end. So the number of these events is bounded by what happens to ordinary ones.

There is at most one event of a type, channel and minute: all of them have the same event id, so the others
find that the first one is claimed.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from notifications.core.model import timestamp
from notifications.core.operational_types import OPERATIONAL, OperationalType
from notifications.core.records import DeliveryRecord
from notifications.core.values import value

if TYPE_CHECKING:
    from notifications.core.channel_health import Health


@value
class OperationalEvent:
    """An event about a channel, or a rule and its channel. ``data``: its fields, without the names.

    ``others``: ids of other rules with deliveries to the channel that have failed like it.
    """

    rule_type: OperationalType
    channel_id: str
    data: Mapping[str, Any]
    rule_id: str | None = None
    others: tuple[str, ...] = ()

    def id(self, now: datetime) -> str:
        """Return the event's id, which is the same for all of the same minute."""
        minute = now.astimezone(UTC).strftime("%Y%m%dT%H%MZ")
        return f"{self.rule_type.replace('.', '-')}-{self.channel_id}-{minute}"


def suspended(health: "Health", last_status: int | None) -> OperationalEvent:
    """Make the event of a suspension."""
    data = {
        "failures": health.failures,
        "failing_since": _shown(health.failing_since),
        "reason": health.reason or "unknown",
        "last_status": last_status,
        "next_probe_at": _shown(health.probe_at),
    }
    return OperationalEvent("notification.channel.suspended", health.channel_id, data)


def resumed(channel_id: str, since: datetime | None, reason: str) -> OperationalEvent:
    """Make the event of a suspension's end."""
    data = {"suspended_since": _shown(since), "reason": reason}
    return OperationalEvent("notification.channel.resumed", channel_id, data)


def disabled(channel_id: str, reason: str, last_status: int | None) -> OperationalEvent:
    """Make the event of a channel that was disabled because its receiver wants no more messages."""
    return OperationalEvent(
        "notification.channel.disabled", channel_id, {"reason": reason, "last_status": last_status}
    )


def of_deliveries(records: Iterable[DeliveryRecord]) -> list[OperationalEvent]:
    """Make an event for each kind and channel of deliveries that failed for good: the first, and how many."""
    failed: dict[tuple[OperationalType, str], list[DeliveryRecord]] = {}
    for record in records:
        if record.status == "failed" and record.rule_type not in OPERATIONAL:
            rendering = record.error_class == "render"
            kind: OperationalType = (
                "notification.rule.render_failed" if rendering else "notification.delivery.failed"
            )
            failed.setdefault((kind, record.channel_id), []).append(record)
    return [_of_delivery(kind, several) for (kind, _), several in failed.items()]


def _of_delivery(kind: OperationalType, several: list[DeliveryRecord]) -> OperationalEvent:
    first = several[0]
    data: dict[str, Any] = {
        "event_id": first.event_id,
        "event_type": first.rule_type,
        "delivery_id": first.id,
        "reason": first.reason or "unknown",
        "count": len(several),
    }
    if kind == "notification.delivery.failed":
        data |= {
            "error_class": first.error_class,
            "attempts": first.attempt_count,
            "last_status": first.attempts[-1].status if first.attempts else None,
        }
    rules = dict.fromkeys(record.rule_id for record in several)
    return OperationalEvent(kind, first.channel_id, data, first.rule_id, tuple(rules)[1:])


def _shown(time: datetime | None) -> str | None:
    return None if time is None else timestamp(time)
