"""Check the fields by which a rule's once-per and digest group events, when the rule is saved."""

from collections.abc import Iterator, Sequence
from functools import partial

from notifications.core.conditions.model import MAX_DEPTH, Path, dotted
from notifications.core.conditions.shapes import find
from notifications.core.errors import InvalidRequest, NotificationError
from notifications.core.model import EventType
from notifications.core.nearest import nearest, quoted
from notifications.core.refusals import of


def refusals(place: str, by: Sequence[str], event_type: EventType | None) -> Iterator[NotificationError]:
    """Yield an error for each field that events of this type cannot have, with the nearest one.

    ``place``: what the fields belong to. ``event_type``: None if it is unknown.
    """
    for name in by:
        path = tuple(name.split("."))
        if not all(path) or len(path) > MAX_DEPTH:
            yield InvalidRequest(f"{place}.by: {quoted(name)} is not a field's path, like context.project")
        elif event_type is not None:
            yield from of(partial(_check_known, place, path, event_type))
    twice = next((name for name in by if by.count(name) > 1), None)
    if twice is not None:
        yield InvalidRequest(f"{place}.by: {quoted(twice)} is there twice")


def _check_known(place: str, path: Path, event_type: EventType) -> None:
    found = find(path, event_type.json_schema)
    if found.shapes is not None and len(found.known) < len(path):
        at = len(found.known)
        likely = nearest(path[at], found.names)
        hint = f"; the nearest is {quoted(dotted((*found.known, likely)))}" if likely else ""
        wrong = quoted(dotted(path[: at + 1]))
        raise InvalidRequest(f"{place}.by: {wrong} is not a field of {event_type.name}{hint}")
