"""Make event types and their schemas from short descriptions of fields."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from notifications.core.model import EventType


class Field(NamedTuple):
    """A field of an event type. ``more``: further keywords of its schema."""

    json_type: str
    required: bool
    description: str
    more: Mapping[str, Any] = {}


Fields = dict[str, Field]


def required(description: str, json_type: str = "string", **more: Any) -> Field:
    """Describe a field that every event has."""
    return Field(json_type, required=True, description=description, more=more)


def optional(description: str, json_type: str = "string", **more: Any) -> Field:
    """Describe a field that an event may omit or set to null."""
    return Field(json_type, required=False, description=description, more=more)


def schema(title: str, fields: Fields) -> dict[str, Any]:
    """Make the JSON Schema of an object with these fields and no others."""
    return {
        "title": title,
        "type": "object",
        "properties": {name: _property(name, field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
    }


def event_types(*made: EventType) -> dict[str, EventType]:
    """List event types by name, in their order."""
    return {event_type.name: event_type for event_type in made}


def _property(name: str, field: Field) -> dict[str, Any]:
    label = {"title": name.replace("_", " ").title(), "description": field.description}
    kind = {"type": field.json_type, **field.more}
    if field.required:
        return {**kind, **label}
    return {"anyOf": [kind, {"type": "null"}], "default": None, **label}
