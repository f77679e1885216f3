"""Check a condition that may be about events of several types, such as a mute's."""

from collections.abc import Sequence

from notifications.core.conditions.branching import leaves
from notifications.core.conditions.checking import check, require
from notifications.core.conditions.model import Condition, dotted
from notifications.core.conditions.shapes import find
from notifications.core.errors import InvalidRequest
from notifications.core.model import EventType
from notifications.core.nearest import nearest, quoted


def names_known(condition: Condition, event_type: EventType) -> bool:
    """Return whether events of a type may have every field that a condition names."""
    places = ((leaf, find(leaf.path, event_type.json_schema)) for leaf in leaves(condition))
    return all(place.shapes is None or len(place.known) == len(leaf.path) for leaf, place in places)


def require_any(condition: Condition, event_types: Sequence[EventType]) -> None:
    """Refuse a condition that can hold for events of no type.

    Raises:
        InvalidRequest: no type has its fields, and the error names the nearest one; or it has faults for each
            type that has them.
    """
    having = [each for each in event_types if names_known(condition, each)]
    if not having:
        raise InvalidRequest(f"condition: {_unknown(condition, event_types)}")
    if all(check(condition, each) for each in having):
        require(condition, having[0])


def _unknown(condition: Condition, event_types: Sequence[EventType]) -> str:
    known = {name for each in event_types for name in each.fields}
    named = sorted({dotted(leaf.path) for leaf in leaves(condition)})
    for name in named:
        first = name.partition(".")[0]
        if first not in known and name not in known:
            likely = nearest(name, known)
            hint = f"; the nearest is {quoted(likely)}" if likely else ""
            return f"no event type has a field {quoted(name)}{hint}"
    return f"no event type has all of these fields: {', '.join(map(quoted, named))}"
