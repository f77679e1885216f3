"""An event's fields as conditions see them: names with dots count as nesting."""

from collections.abc import Mapping
from typing import Any, Final

from notifications.core.conditions.model import MAX_DEPTH, Path, Scalar

MAX_NESTING = 100
"""How deep names with dots are split; no event's data is nested deeper."""


class Absent:
    """The type of the value that stands for an absent field."""


ABSENT: Final = Absent()


def prepared(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with dotted names turned into nesting; the very same dict if there are none."""
    if type(data) is dict and not _has_dots(data):
        return data
    nested: dict[str, Any] = _nested(data, 0)
    return nested


def scalars(values: list[Any], *, objects: bool = False) -> list[Any]:
    """List the values in a list and in its inner lists; objects only if ``objects`` is true."""
    while list in map(type, values):
        opened: list[Any] = []
        for one in values:
            if type(one) is list:
                opened += one
            else:
                opened.append(one)
        values = opened
    return values if objects else [one for one in values if type(one) is not dict]


def at(path: Path, fields: Mapping[str, Any]) -> list[Scalar]:
    """List all values at a path, also within lists of objects; none if the field is absent."""
    here: list[Any] = [fields]
    for name in path:
        here = scalars([one[name] for one in here if type(one) is dict and name in one], objects=True)
    return [one for one in here if type(one) is not dict]


def _has_dots(data: dict[str, Any]) -> bool:
    waiting: list[Any] = [data]
    while waiting:
        one = waiting.pop()
        inside = one
        if type(one) is dict:
            for name in one:
                if "." in name:
                    return True
            inside = one.values()
        for inner in inside:
            if type(inner) in _CONTAINERS:
                waiting.append(inner)  # noqa: PERF401 - a generator would take twice as long
    return False


_CONTAINERS = frozenset({dict, list})


def _nested(value: Any, depth: int) -> Any:
    if depth > MAX_NESTING:
        return value
    if isinstance(value, list):
        return [_nested(inner, depth + 1) for inner in value]
    if not isinstance(value, Mapping):
        return value
    made: dict[str, Any] = {}
    for key, inner in value.items():
        names = key.split(".", MAX_DEPTH)
        nested = _nested(inner, depth + 1)
        for name in reversed(names[1:]):
            nested = {name: nested}
        made[names[0]] = _together(made[names[0]], nested) if names[0] in made else nested
    return made


def _together(one: Any, other: Any) -> Any:
    """Merge two values of one place: the fields of both if both are objects, else a list of both."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = dict(one)
        for name, inner in other.items():
            both[name] = _together(both[name], inner) if name in both else inner
        return both
    return [one, other]
