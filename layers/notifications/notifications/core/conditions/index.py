"""Find which of many conditions an event meets, without trying them all.

Each branch of a condition is indexed by one of its leaves, under the values that meet this leaf. It is the
leaf that the fewest conditions share: an event must meet all leaves, so any of them can serve. The candidates
that an event's values lead to are then tried in full. A branch without a leaf that can serve is always tried.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from notifications.core.conditions.branching import branches
from notifications.core.conditions.engine import Matcher
from notifications.core.conditions.fields import at, prepared
from notifications.core.conditions.lookups import Key, Lookup, Way, keys
from notifications.core.conditions.model import Condition, Path, Scalar
from notifications.core.conditions.work import ConditionTooExpensive
from notifications.core.values import mutable

MANY = 3
"""The least number of values for which looking for equal ones is worth its time."""

_WEIGHTS: dict[Way, int] = {
    "exact": 1,
    "folded": 1,
    "prefix": 2,
    "suffix": 2,
    "range": 4,
    "absent": 4,
    "present": 8,
    "but": 16,
}
"""How many more events meet a key of each way than an exact value; a guess that affects only speed."""

_Way = tuple[Path, tuple[Key, ...]]
"""A leaf's path, and the keys by which it can be found."""


@mutable
class Tried:
    """The positions of the conditions that are met, and of those that take too many steps to try."""

    met: list[int] = field(default_factory=list)
    too_expensive: list[int] = field(default_factory=list)


class Index:
    """Conditions, indexed by the values that they look for. None is a condition that every event meets."""

    def __init__(self, conditions: Sequence[Condition | None]) -> None:
        self._conditions = conditions
        self._matchers: dict[int, Matcher] = {}
        self._always: list[int] = []
        self._lookups: dict[Path, Lookup] = {}
        found = {at: [*_ways(one)] for at, one in enumerate(conditions) if one is not None}
        shared = Counter(
            (path, key) for ways in found.values() for leaves in ways for path, keys in leaves for key in keys
        )
        for position in range(len(conditions)):
            self._add(position, found.get(position), shared)
        for lookup in self._lookups.values():
            lookup.close()

    def candidates(self, data: Mapping[str, Any]) -> list[int]:
        """Return the positions of all conditions that may be met, in order."""
        return self._candidates(prepared(data))

    def matching(self, data: Mapping[str, Any]) -> list[int]:
        """Return the positions of the conditions that an event's fields meet, in order."""
        return self.try_all(data).met

    def try_all(self, data: Mapping[str, Any]) -> Tried:
        """Try all conditions that may be met by an event's fields."""
        fields = prepared(data)
        tried = Tried()
        for position in self._candidates(fields):
            try:
                met = self._holds(position, fields)
            except ConditionTooExpensive:
                tried.too_expensive.append(position)
            else:
                if met:
                    tried.met.append(position)
        return tried

    def _holds(self, position: int, fields: dict[str, Any]) -> bool:
        matcher = self._matchers.get(position)
        if matcher is None:
            condition = self._conditions[position]
            if condition is None:
                return True
            matcher = self._matchers[position] = Matcher(condition)
        return matcher.holds(fields)

    def _candidates(self, fields: dict[str, Any]) -> list[int]:
        found = set(self._always)
        for path, lookup in self._lookups.items():
            values = _different(at(path, fields))
            for positions in lookup.find(values, listed=_has_lists(path, fields)):
                found.update(positions)
        return sorted(found)

    def _add(self, position: int, ways: list[list[_Way]] | None, shared: Mapping[Any, int]) -> None:
        if ways is None or not all(ways):
            self._always.append(position)
            return
        for leaves in ways:
            path, keys = min(
                leaves, key=lambda way: sum(_WEIGHTS[key[0]] * shared[way[0], key] for key in way[1])
            )
            lookup = self._lookups.setdefault(path, Lookup())
            if position in lookup.others:  # another branch excludes other values, so neither may decide
                self._always.append(position)
            for key in keys:
                lookup.add(key, position)


def _ways(condition: Condition) -> Iterator[list[_Way]]:
    """Yield for each branch the leaves by which it can be found."""
    for leaves in branches(condition):
        yield [(leaf.path, found) for leaf in leaves if (found := keys(leaf))]


def _different(values: list[Scalar]) -> Collection[Scalar]:
    """Drop equal values. Types are compared too, because 1 and true are equal in Python."""
    return values if len(values) < MANY else [*{(type(value), value): value for value in values}.values()]


def _has_lists(path: Path, fields: dict[str, Any]) -> bool:
    """Return whether there is a list at a path or on the way to it."""
    here: Any = fields
    for name in path:
        if type(here) is not dict or name not in here:
            break
        here = here[name]
    return type(here) is list
