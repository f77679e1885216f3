"""How many rules a channel or a custom event type has, counted on its own item."""

from typing import Any

from notifications.core.errors import EventTypeConflict, InvalidRequest
from notifications.core.model import EventType
from notifications.store import items, keys
from notifications.store.table import Operation


def moved(old: str, new: str) -> list[Operation]:
    """Make the operations that count a rule on its new channel, which must exist, and not on its old one."""
    if old == new:
        return []
    no_channel = InvalidRequest(f"channel_id: there is no channel {new}")
    return [
        ("Update", count(keys.channel(old), -1), None),
        ("Update", count(keys.channel(new), 1), no_channel),
    ]


def count(key: items.Item, number: int, *, writes: bool = False) -> dict[str, Any]:
    """Make the parameters of an Update that adds to the rules of a channel or an event type, if it exists.

    ``writes``: whether to raise the event type's ``rule_writes`` as well.
    """
    values = {":number": {"N": str(number)}} | ({":one": {"N": "1"}} if writes else {})
    return {
        "Key": key,
        "UpdateExpression": "ADD rule_count :number" + (", rule_writes :one" if writes else ""),
        "ConditionExpression": f"attribute_exists({keys.PARTITION_KEY})",
        "ExpressionAttributeValues": values,
    }


def on_event_type(event_type: EventType, number: int) -> list[Operation]:
    """Make the operations that count rules on a custom type, if it did not change since the rule's check."""
    if event_type.built_in:
        return []
    parameters = count(keys.event_type(event_type.name), number, writes=True)
    parameters["ConditionExpression"] = "updated_at = :seen"
    parameters["ExpressionAttributeValues"] |= items.attributes({":seen": event_type.updated_at})
    changed = EventTypeConflict(
        f"The event type {event_type.name} was changed or deleted meanwhile; try again"
    )
    return [("Update", parameters, changed)]
