"""How many rules a channel and a custom event type have, counted on their own items."""

from typing import Any

from notifications.core.errors import EventTypeConflict, InvalidRequest
from notifications.core.model import EventType
from notifications.store import items, keys
from notifications.store.table import Operation


def moved(old: str, new: str) -> list[Operation]:
    """Count a rule on its new channel instead of its old one, on condition that the new one exists."""
    if old == new:
        return []
    no_channel = InvalidRequest(f"channel_id: there is no channel {new}")
    return [
        ("Update", count(keys.channel(old), -1), None),
        ("Update", count(keys.channel(new), 1), no_channel),
    ]


def count(key: items.Item, number: int, *, writes: bool = False) -> dict[str, Any]:
    """Add to the rules that a channel or an event type counts. ``writes``: count this write of them, too."""
    values = {":number": {"N": str(number)}} | ({":one": {"N": "1"}} if writes else {})
    return {
        "Key": key,
        "UpdateExpression": "ADD rule_count :number" + (", rule_writes :one" if writes else ""),
        "ConditionExpression": f"attribute_exists({keys.PARTITION_KEY})",
        "ExpressionAttributeValues": values,
    }


def on_event_type(event_type: EventType, number: int) -> list[Operation]:
    """Count rules on a custom type, on condition that it is unchanged since the template was checked."""
    if event_type.built_in:
        return []
    parameters = count(keys.event_type(event_type.name), number, writes=True)
    parameters["ConditionExpression"] = "updated_at = :seen"
    parameters["ExpressionAttributeValues"] |= items.attributes({":seen": event_type.updated_at})
    changed = EventTypeConflict(
        f"The event type {event_type.name} was changed or deleted meanwhile; try again"
    )
    return [("Update", parameters, changed)]
