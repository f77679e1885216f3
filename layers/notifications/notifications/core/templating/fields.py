"""The names inside the variables of a template, as far as the schema of the event type is certain of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from notifications.core.model import EventType
from notifications.core.templating.origins import Step
from notifications.core.values import value

OF_EVENTS = frozenset({"rule_type", "timestamp", "data"})
"""The names that a template can use besides the fields of its event type, also of each event of a digest."""


@value
class Fields:
    """An object with known names. ``is_open``: whether it may have others, which must be in brackets."""

    known: Mapping[str, "Place"]
    is_open: bool = False


@value
class Listed:
    """A list, and what each of its items is."""

    item: "Place"


Certain = Fields | Listed | None
"""What is certain of a place; None if anything may be there."""

Place = Certain | Mapping[str, Any]
"""What is known of a place; a mapping is the JSON Schema of its value."""


def seen_by_templates(event_type: EventType, besides: frozenset[str]) -> Fields:
    """Return the variables of templates for this type.

    ``besides``: the names that once-per and digests add.
    """
    schema = event_type.json_schema
    properties: Mapping[str, Any] = schema.get("properties", {})
    is_open = not _is_closed(schema)
    own: dict[str, Place] = {**dict.fromkeys(OF_EVENTS), "data": Fields(properties, is_open)}
    names: dict[str, Place] = {**properties, **own, **dict.fromkeys(besides)}
    if "events" in besides:
        repeats = dict.fromkeys(besides & {"repeats"})
        event = Fields({**properties, **own, **repeats}, is_open)
        names |= {"events": Listed(event), "first": event, "last": event}
    return Fields(names)


def find(path: Iterable[Step], seen: Fields) -> Certain:
    """Return what is certain of the place that a path leads to."""
    place: Certain = seen
    for step in path:
        place = certain(_inner(place, step))
    return place


def certain(place: Place) -> Certain:
    """Return what a schema is certain of."""
    if not isinstance(place, Mapping):
        return place
    options = [one for one in place.get("anyOf", [place]) if one != {"type": "null"}]
    if len(options) != 1 or not isinstance(options[0], Mapping):
        return None
    (one,) = options
    types = one.get("type")
    kinds = {types} if isinstance(types, str) else {*(types or ())}
    properties, items = one.get("properties"), one.get("items")
    if kinds - {"null"} == {"object"} and isinstance(properties, Mapping) and _is_closed(one):
        return Fields(properties)
    if kinds - {"null"} == {"array"} and "prefixItems" not in one:
        return Listed(items if isinstance(items, Mapping) else None)
    return None


def _is_closed(schema: Mapping[str, Any]) -> bool:
    return schema.get("additionalProperties") is False and "patternProperties" not in schema


def _inner(place: Certain, step: Step) -> Place:
    match place:
        case Listed() if step.name is None:
            return place.item
        case Fields() if step.name is not None and (step.in_brackets or not hasattr(dict, step.name)):
            return place.known.get(step.name)
        case _:
            return None
