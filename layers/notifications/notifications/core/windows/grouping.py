"""Which events of a rule count as the same: those that agree in the values of some fields."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from notifications.core.values import value

Place = tuple[str, str]
"""Where what windows decide is kept: by a rule's id and a group's name."""


@value
class Group:
    """Events that belong together. ``name``: tells the group from any other of its rule, in 64 letters.

    ``values``: what they agree in, in the order of the fields; None for a field that they do not have.
    """

    name: str
    values: tuple[Any, ...] = ()


def group_of(data: Mapping[str, Any], by: Sequence[str], period: object) -> Group:
    """Return the group of an event with these fields.

    The period and the fields are part of its name: when a rule's are changed, new windows begin.
    """
    values = tuple(_at(path.split("."), data) for path in by)
    # Numbers are alike if they are equal, as in conditions; the order of an object's fields means nothing.
    text = json.dumps([period, [*by], [*map(_plain, values)]], sort_keys=True, separators=(",", ":"))
    return Group(sha256(text.encode()).hexdigest(), values)


def nested(by: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """Return the values by their fields as templates read them: ``key.context.project``."""
    made: dict[str, Any] = {}
    for path, at in zip(by, values, strict=True):
        *outer, last = path.split(".")
        inside = made
        for name in outer:
            inner = inside.setdefault(name, {})
            if not isinstance(inner, dict):  # both ``a`` and ``a.b`` are named: the first one stays
                break
            inside = inner
        else:
            inside.setdefault(last, at)
    return made


def _at(path: Sequence[str], inside: Any) -> Any:
    """Return the value at a path, None if there is none; of objects in a list, a list of theirs."""
    if not path:
        return inside
    if isinstance(inside, list):
        found = [each for one in inside if (each := _at(path, one)) is not None]
        return found or None
    if not isinstance(inside, Mapping):
        return None
    # A name with dots is as good as nesting, as in conditions.
    for length in range(1, len(path) + 1):
        name = ".".join(path[:length])
        if name in inside and (found := _at(path[length:], inside[name])) is not None:
            return found
    return None


def _plain(found: Any) -> Any:
    return int(found) if type(found) is float and found.is_integer() else found
