"""Check what a rule says of once-per and digests when it is saved: fields that its type does not have."""

from collections.abc import Sequence

from notifications.core.conditions.model import MAX_DEPTH, dotted
from notifications.core.conditions.shapes import find
from notifications.core.errors import InvalidRequest
from notifications.core.model import EventType
from notifications.core.nearest import nearest, quoted


def check_by(place: str, by: Sequence[str], event_type: EventType) -> None:
    """Refuse fields that events of this type cannot have. ``place``: what the fields belong to.

    Raises:
        InvalidRequest: with the nearest field.
    """
    for name in by:
        path = tuple(name.split("."))
        if not all(path) or len(path) > MAX_DEPTH:
            raise InvalidRequest(f"{place}.by: {quoted(name)} is not a field's path, like context.project")
        found = find(path, event_type.json_schema)
        if found.shapes is not None and len(found.known) < len(path):
            at = len(found.known)
            likely = nearest(path[at], found.names)
            hint = f"; the nearest is {quoted(dotted((*found.known, likely)))}" if likely else ""
            wrong = quoted(dotted(path[: at + 1]))
            raise InvalidRequest(f"{place}.by: {wrong} is not a field of {event_type.name}{hint}")
    twice = next((name for name in by if by.count(name) > 1), None)
    if twice is not None:
        raise InvalidRequest(f"{place}.by: {quoted(twice)} is there twice")
