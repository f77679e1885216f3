"""The keys under which a leaf is indexed, and the index of one path."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import field
from typing import Any, Literal

from notifications.core.conditions import wildcards
from notifications.core.conditions.model import (
    Alternative,
    AnythingBut,
    EqualsIgnoreCase,
    Exact,
    Exists,
    Leaf,
    Numeric,
    Prefix,
    Scalar,
    Suffix,
    Wildcard,
    kind_of,
)
from notifications.core.conditions.ranges import Ranges, bounds
from notifications.core.values import mutable

Way = Literal["exact", "folded", "prefix", "suffix", "range", "absent", "present", "but"]
Key = tuple[Way, Any]
"""A way to find a leaf, and what to look up. An event that meets the leaf has one of the leaf's keys."""

_PRESENT: Key = ("present", None)
_ABSENT: Key = ("absent", None)
_NOT_THERE = Exists(present=False)

MAX_REMAINDERS = 64
"""For how many values of a path the conditions that do not exclude them are cached."""


def keys(leaf: Leaf) -> tuple[Key, ...]:
    """Return the keys of a leaf; none if any event may meet it."""
    others = [one for one in leaf.alternatives if one != _NOT_THERE]
    match others:
        case [AnythingBut(operator="values", values=values)] if len(others) < len(leaf.alternatives):
            return (("but", frozenset((kind_of(value), value) for value in values)),)
    found = dict.fromkeys(map(_key, others))
    if len(others) < len(leaf.alternatives):
        return () if _PRESENT in found else (*found, _ABSENT)
    return (_PRESENT,) if _PRESENT in found else tuple(found)


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


@mutable
class Lookup:
    """The index of one path: the positions of conditions, by what its value is, begins or ends with.

    ``others``: the positions of conditions on values that are not in a list (``anything-but``). ``but``: by
    value, which of these the value excludes. ``remainders``: by value, which of these it does not exclude;
    a cache.
    """

    exact: dict[tuple[str, Scalar], list[int]] = field(default_factory=lambda: defaultdict(list))
    folded: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    prefix: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    suffix: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    range: list[tuple[float, float, int]] = field(default_factory=list)
    present: list[int] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)
    but: dict[tuple[str, Scalar], set[int]] = field(default_factory=lambda: defaultdict(set))
    others: set[int] = field(default_factory=set)
    remainders: dict[tuple[str, Scalar], frozenset[int]] = field(default_factory=dict)
    ranges: Ranges | None = None

    def add(self, key: Key, position: int) -> None:
        """Index a position under a key."""
        match key:
            case ("present", _):
                self.present.append(position)
            case ("absent", _):
                self.absent.append(position)
            case ("range", (lower, upper)):
                self.range.append((lower, upper, position))
            case ("exact" | "folded" as way, what):
                getattr(self, way)[what].append(position)
            case ("but", excluded):
                self.others.add(position)
                for what in excluded:
                    self.but[what].add(position)
            case (way, text):
                getattr(self, way).setdefault(len(text), {}).setdefault(text, []).append(position)

    def close(self) -> None:
        """Prepare the ranges, after the last ``add`` and before the first ``find``."""
        self.ranges = Ranges(self.range) if self.range else None

    def find(self, values: Collection[Scalar], *, listed: bool) -> Iterator[Collection[int]]:
        """Yield the positions of conditions that an event with these values at the path may meet.

        ``listed``: whether the path leads through lists, so that some of their objects may lack the field.
        """
        if listed or not values:
            yield self.absent
        for value in values:
            yield from self._of(value)
        if self.others:
            (single,) = values if len(values) == 1 and not listed else (None,)
            yield self.others if single is None else self._not_excluding((kind_of(single), single))

    def _of(self, value: Scalar) -> Iterator[Collection[int]]:
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

    def _not_excluding(self, what: tuple[str, Scalar]) -> Collection[int]:
        if what not in self.but:
            return self.others
        found = self.remainders.get(what)
        if found is None:
            if len(self.remainders) >= MAX_REMAINDERS:
                self.remainders.clear()
            found = self.remainders[what] = frozenset(self.others - self.but[what])
        return found
