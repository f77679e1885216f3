"""Group the events of a rule: those that agree in the values of some fields count as the same."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from notifications.core.values import value

Place = tuple[str, str]
"""The key under which the window of a group is stored: a rule's id and the group's name."""


@value
class Group:
    """A group of events. ``name``: distinguishes it from any other group of its rule, in 64 characters.

    ``values``: those that the events share, in the order of the fields; None for a field that they lack.
    """

    name: str
    values: tuple[Any, ...] = ()


def group_of(data: Mapping[str, Any], by: Sequence[str], period: object) -> Group:
    """Return the group of an event with these fields.

    The period and the fields are part of its name, so that new windows begin when a rule's are changed.
    """
    values = tuple(_at(path.split("."), data) for path in by)
    # As in conditions, equal numbers are the same; the order of an object's fields means nothing.
    text = json.dumps([period, [*by], [*map(_plain, values)]], sort_keys=True, separators=(",", ":"))
    return Group(sha256(text.encode()).hexdigest(), values)


def nested(by: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """Return the values nested by their fields, as templates read them: ``key.context.project``."""
    made: dict[str, Any] = {}
    for path, at in zip(by, values, strict=True):
        *outer, last = path.split(".")
        inside = made
        for name in outer:
            inner = inside.setdefault(name, {})
            if not isinstance(inner, dict):  # both ``a`` and ``a.b`` are named: keep the first one
                break
            inside = inner
        else:
            inside.setdefault(last, at)
    return made


def _at(path: Sequence[str], inside: Any) -> Any:
    """Return the value at a path; None if there is none. For a list of objects, return a list of values."""
    if not path:
        return inside
    if isinstance(inside, list):
        found = [each for one in inside if (each := _at(path, one)) is not None]
        return found or None
    if not isinstance(inside, Mapping):
        return None
    # As in conditions, a name with dots counts as nesting.
    for length in range(1, len(path) + 1):
        name = ".".join(path[:length])
        if name in inside and (found := _at(path[length:], inside[name])) is not None:
            return found
    return None


def _plain(found: Any) -> Any:
    return int(found) if type(found) is float and found.is_integer() else found
