"""The built-in event types: those of Backend.AI's own clients, of the bridge, and of the service itself."""

from collections.abc import Mapping
from typing import Any

from notifications.core.model import EventType
from notifications.core.rule_types.bridged import BRIDGED
from notifications.core.rule_types.own import HEARTBEAT, OWN
from notifications.core.rule_types.stock import STOCK

BUILT_IN = STOCK | BRIDGED | OWN


def stock_schema(event_type: EventType) -> dict[str, Any]:
    """Return a type's schema as Backend.AI's own clients see it, without this service's additions."""
    schema = event_type.json_schema
    properties: Mapping[str, Any] = schema["properties"]
    shown = {name: one for name, one in properties.items() if name not in event_type.added}
    return {**schema, "properties": shown}


__all__ = ["BRIDGED", "BUILT_IN", "HEARTBEAT", "OWN", "STOCK", "stock_schema"]
