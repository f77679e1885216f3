"""Which of many conditions an event meets, without trying them all.

Each branch of a condition is found by one of its leaves: by the values that this leaf must see, which are
looked up. It is the leaf that the fewest conditions share, since the event must meet it in any case. What is
found is tried in full. A condition whose branches can hold of fields that are absent is always tried.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from notifications.core.conditions import wildcards
from notifications.core.conditions.branching import branches
from notifications.core.conditions.engine import Matcher
from notifications.core.conditions.fields import at, prepared
from notifications.core.conditions.model import (
    Alternative,
    Condition,
    EqualsIgnoreCase,
    Exact,
    Exists,
    Leaf,
    Numeric,
    Path,
    Prefix,
    Scalar,
    Suffix,
    Wildcard,
    kind_of,
)
from notifications.core.conditions.ranges import Ranges, bounds
from notifications.core.conditions.work import ConditionTooDear

MANY = 3
"""From how many values on it is worth looking whether some are equal."""

Way = Literal["exact", "folded", "prefix", "suffix", "range", "present"]
Key = tuple[Way, Any]
"""How a leaf can be found, and by what."""

_PRESENT: Key = ("present", None)

_WEIGHTS: dict[Way, int] = {"exact": 1, "folded": 1, "prefix": 2, "suffix": 2, "range": 4, "present": 8}
"""How many more events are found in such a way than by an exact value; a guess that decides speed only."""


@dataclass(slots=True)
class Verdicts:
    """The positions of the conditions that are met, and of those that take too many steps to tell."""

    met: list[int] = field(default_factory=list)
    too_dear: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Lookup:
    """What is known of one path: positions by what its value is, begins or ends with."""

    exact: dict[tuple[str, Scalar], list[int]] = field(default_factory=lambda: defaultdict(list))
    folded: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    prefix: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    suffix: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    range: list[tuple[float, float, int]] = field(default_factory=list)
    present: list[int] = field(default_factory=list)
    ranges: Ranges | None = None

    def add(self, key: Key, position: int) -> None:
        """Have a position found by a key."""
        match key:
            case ("present", _):
                self.present.append(position)
            case ("range", (lower, upper)):
                self.range.append((lower, upper, position))
            case ("exact", what):
                self.exact[what].append(position)
            case ("folded", text):
                self.folded[text].append(position)
            case ("prefix", text):
                self.prefix.setdefault(len(text), {}).setdefault(text, []).append(position)
            case (_, text):
                self.suffix.setdefault(len(text), {}).setdefault(text, []).append(position)

    def close(self) -> None:
        """Make ready what is looked up."""
        self.ranges = Ranges(self.range) if self.range else None

    def find(self, value: Scalar) -> Iterator[Sequence[int]]:
        """Give the positions that a value leads to."""
        yield self.present
        yield self.exact.get((kind_of(value), value), ())
        if isinstance(value, str):
            if self.folded:
                yield self.folded.get(value.casefold(), ())
            for length, texts in self.prefix.items():
                yield texts.get(value[:length], ())
            for length, texts in self.suffix.items():
                yield texts.get(value[-length:], ())
        elif self.ranges and isinstance(value, (int, float)) and not isinstance(value, bool):
            yield [*self.ranges.around(value)]


class Index:
    """Conditions by what they look for. None is the condition that every event meets."""

    def __init__(self, conditions: Sequence[Condition | None]) -> None:
        self._conditions = conditions
        self._matchers: dict[int, Matcher] = {}
        self._always: list[int] = []
        self._lookups: dict[Path, _Lookup] = {}
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
        return self.verdicts(data).met

    def verdicts(self, data: Mapping[str, Any]) -> Verdicts:
        """Try all conditions that may be met."""
        fields = prepared(data)
        verdicts = Verdicts()
        for position in self._candidates(fields):
            try:
                met = self._holds(position, fields)
            except ConditionTooDear:
                verdicts.too_dear.append(position)
            else:
                if met:
                    verdicts.met.append(position)
        return verdicts

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
            for value in _different(at(path, fields)):
                for positions in lookup.find(value):
                    found.update(positions)
        return sorted(found)

    def _add(self, position: int, ways: list[list["_Way"]] | None, shared: Mapping[Any, int]) -> None:
        if ways is None or not all(ways):
            self._always.append(position)
            return
        for leaves in ways:
            path, keys = min(
                leaves, key=lambda way: sum(_WEIGHTS[key[0]] * shared[way[0], key] for key in way[1])
            )
            lookup = self._lookups.setdefault(path, _Lookup())
            for key in keys:
                lookup.add(key, position)


def _different(values: list[Scalar]) -> Collection[Scalar]:
    """Drop what is there twice; the type tells 1 from true, which are equal in Python."""
    return values if len(values) < MANY else [*{(type(value), value): value for value in values}.values()]


_Way = tuple[Path, tuple[Key, ...]]


def _ways(condition: Condition) -> Iterator[list[_Way]]:
    """List for each branch the leaves by which it can be found."""
    for leaves in branches(condition):
        yield [(leaf.path, keys) for leaf in leaves if (keys := _keys(leaf))]


def _keys(leaf: Leaf) -> tuple[Key, ...]:
    if Exists(present=False) in leaf.alternatives:
        return ()
    keys = tuple(dict.fromkeys(map(_key, leaf.alternatives)))
    return (_PRESENT,) if _PRESENT in keys else keys


def _key(one: Alternative) -> Key:
    key = _PRESENT
    match one:
        case Exact():
            key = "exact", (one.kind, one.value)
        case EqualsIgnoreCase():
            key = "folded", one.text.casefold()
        case Prefix(text=text, ignore_case=False) if text:
            key = "prefix", text
        case Suffix(text=text, ignore_case=False) if text:
            key = "suffix", text
        case Numeric():
            (lower, _), (upper, _) = bounds(one)
            key = "range", (lower, upper)
        case Wildcard():
            key = _key_of_pieces(wildcards.pieces(one.text) or [""])
    return key


def _key_of_pieces(pieces: list[str]) -> Key:
    if len(pieces) == 1:
        return "exact", ("text", pieces[0])
    if pieces[0]:
        return "prefix", pieces[0]
    return ("suffix", pieces[-1]) if pieces[-1] else _PRESENT
