"""Compute what checking an event against a JSON Schema can cost, before any event is checked.

A schema may apply many subschemas to one value: all that ``allOf``, ``anyOf``, ``$ref`` and the like name.
Each of them may name several more for the values inside, so the work can double with every level of an
event, and checking a small event can take hours. So the cost of a value 0, 1, 2, ... levels below each
subschema is computed along the most expensive branch. A schema whose cost exceeds ``MAX_STEPS_OF_A_VALUE``
is refused; for the others, this cost together with the event's size bounds what a check can cost.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from notifications.core.errors import InvalidRequest
from notifications.core.schemas.comparisons import is_odd
from notifications.core.schemas.parts import Part, read, shown
from notifications.core.values import mutable

MAX_STEPS_OF_A_VALUE = 5_000
"""How many steps one value inside an event may cost, for all subschemas that apply to it."""

MAX_STEPS = 1_000_000
"""How many steps one check of an event may cost: 25 ns each at most, as measured, so 25 ms of CPU."""

MAX_IN_PLACE_DEPTH = 16
"""How long a chain of subschemas for the same value may be, because the checker recurses along it."""

MAX_DATA_DEPTH = 100
"""How deep the lists and objects of an event may be nested, the event itself included."""

MAX_COMBINATIONS = 100_000
"""How many combinations of subschema and field a schema may have."""

LARGE = 40
"""As how many values an integer of more than 64 bits counts; each further 8 bits count as one more."""

LARGE_PAIR = 160
"""Where items must be unique, every such integer is compared with every other: the square of their weight,
divided by this."""

Steps = tuple[int, int, int]
"""The steps for a value, for each character of a text, and for each odd number."""


@mutable
class _Branch:
    """The subschemas at one field or position, how often each applies, and the cost of getting there."""

    places: dict[str, int]
    steps: int = 0
    per_char: int = 0

    def cost(self, level: Mapping[str, Steps]) -> Steps:
        steps, per_char, per_odd = self.steps, self.per_char, 0
        for place, count in self.places.items():
            below = level[place]
            steps += below[0] * count
            per_char += below[1] * count
            per_odd += below[2] * count
        return steps, per_char, per_odd


class Cost:
    """The cost of checks against one schema.

    Raises:
        InvalidRequest: the cost has no usable bound, or a reference leads nowhere; the error has the place.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._parts = read(schema)
        self._applied = {place: self._in_place(place) for place in self._parts}
        self._compares_items = any(part.compares_items for part in self._parts.values())
        self._named = {name for place in self._applied[""] for name in self._parts[place].fields}
        self._levels: list[dict[str, Steps]] = []
        self._fields: dict[str | None, list[Steps]] = {}
        self._work_out()

    def of(self, data: Mapping[str, Any]) -> int:
        """Return an upper bound of an event's steps; above ``MAX_STEPS`` if it is nested too deeply."""
        steps = self._levels[0][""][0] + len(data)
        for name, inside in data.items():
            size = _size(inside)
            if size is None or steps > MAX_STEPS:
                return MAX_STEPS + 1
            of_value, per_char, per_odd = self._below(name)[min(size.depth, len(self._levels)) - 1]
            steps += (size.values + size.large) * (1 + of_value)
            steps += (size.chars + len(name)) * per_char + size.odd * per_odd
            if self._compares_items:
                steps += size.values * size.depth + size.large**2 // LARGE_PAIR
        return steps

    def _below(self, name: str) -> list[Steps]:
        """Return the most that a value inside a field costs, by the depth of the field's value."""
        known = name if name in self._named else None
        if known not in self._fields:
            branch = self._branch("", known)
            # A value need not use its whole depth, so each entry is the maximum of all levels up to its own.
            most = (0, 0, 0)
            self._fields[known] = found = []
            for level in self._levels:
                most = _most(most, branch.cost(level))
                found.append(most)
        return self._fields[known]

    def _in_place(self, root: str) -> dict[str, int]:
        """Return the subschemas that apply to the same value as this one, itself included, and how often."""
        applied: dict[str, int] = {}
        level = {root: 1}
        for _ in range(MAX_IN_PLACE_DEPTH):
            below: dict[str, int] = {}
            for place, count in level.items():
                applied[place] = applied.get(place, 0) + count
                part = self._parts[place]
                for other in part.in_place:
                    below[other] = below.get(other, 0) + count * part.repeats
            if not below:
                return applied
            # Stop at the limit, because the counts would grow without bound if references double at each
            # step.
            if sum(below.values()) > MAX_STEPS_OF_A_VALUE:
                raise _too_expensive(max(below, key=lambda place: below[place]))
            level = below
        raise InvalidRequest(
            f"json_schema at {shown(root)}: subschemas refer to one another for one value without an end, "
            f"or more than {MAX_IN_PLACE_DEPTH} times"
        )

    def _work_out(self) -> None:
        # From the bottom up: level 0 is a value with nothing inside, level n one whose content is n levels
        # deep.
        branches = self._all_branches()
        level = {place: self._here(place) for place in self._parts}
        for _ in range(MAX_DATA_DEPTH):
            for place, (steps, _, _) in level.items():
                if steps > MAX_STEPS_OF_A_VALUE:
                    raise _too_expensive(place)
            self._levels.append(level)
            above = {place: _most_expensive(branches[place], level) for place in self._parts}
            # All further levels would be the same, or cost nothing.
            if above == level or not any(map(any, above.values())):
                return
            level = above

    def _here(self, place: str) -> Steps:
        applied = self._applied[place].items()
        return (
            sum(self._parts[other].steps * count for other, count in applied),
            sum(self._parts[other].per_char * count for other, count in applied),
            sum(self._parts[other].per_odd * count for other, count in applied),
        )

    def _all_branches(self) -> dict[str, list[_Branch]]:
        branches: dict[str, list[_Branch]] = {}
        left = MAX_COMBINATIONS
        for place, applied in self._applied.items():
            members = [self._parts[other] for other in applied]
            names = {name for part in members for name in part.fields}
            positions = max(len(part.first_items) for part in members)
            left -= len(members) * (len(names) + positions + 2)
            if left < 0:
                raise InvalidRequest(f"json_schema has too many combinations: more than {MAX_COMBINATIONS}")
            fields = [self._branch(place, name) for name in (*names, None)]
            branches[place] = [*fields, *self._item_branches(place, positions)]
        return branches

    def _branch(self, place: str, name: str | None) -> _Branch:
        """Return what applies to a field of this name. ``name``: None for fields that no subschema names."""
        branch = _Branch({})
        for part, count in self._members(place):
            branch.steps += part.per_name * count
            branch.per_char += part.per_name_char * count
            others = [part.fields[name]] if name in part.fields else part.other_fields
            _add(branch, [*others, *part.all_fields], count)
        return branch

    def _item_branches(self, place: str, positions: int) -> Iterator[_Branch]:
        for position in range(positions + 1):
            branch = _Branch({})
            for part, count in self._members(place):
                first = part.first_items[position : position + 1]
                _add(branch, [*(first or part.other_items), *part.all_items], count)
            yield branch

    def _members(self, place: str) -> Iterator[tuple[Part, int]]:
        for other, count in self._applied[place].items():
            part = self._parts[other]
            yield part, count * part.repeats


def _add(branch: _Branch, places: list[str], count: int) -> None:
    for place in places:
        branch.places[place] = branch.places.get(place, 0) + count


def _most_expensive(branches: list[_Branch], level: Mapping[str, Steps]) -> Steps:
    found = (0, 0, 0)
    for branch in branches:
        found = _most(found, branch.cost(level))
    return found


def _most(one: Steps, other: Steps) -> Steps:
    return max(one[0], other[0]), max(one[1], other[1]), max(one[2], other[2])


def _too_expensive(place: str) -> InvalidRequest:
    return InvalidRequest(
        f"json_schema is too expensive at {shown(place)}: more than {MAX_STEPS_OF_A_VALUE} checks of a value "
        "can follow, for instance where two subschemas that apply to one value refer to the same third"
    )


@mutable
class _Size:
    values: int = 0
    chars: int = 0
    depth: int = 0
    odd: int = 0
    large: int = 0


def _size(inside: Any) -> _Size | None:
    """Measure a value, level by level; None if it is larger than any check may cost, or too deep."""
    size = _Size()
    level = [inside]
    while level:
        size.depth += 1
        size.values += len(level)
        if size.depth >= MAX_DATA_DEPTH or size.values > MAX_STEPS:
            return None
        below: list[Any] = []
        for one in level:
            if isinstance(one, str):
                size.chars += len(one)
            elif is_odd(one):
                size.odd += 1
                size.large += LARGE + one.bit_length() // 8 if isinstance(one, int) else 0
            elif isinstance(one, Mapping):
                size.chars += sum(map(len, one))
                below += one.values()
            elif isinstance(one, (list, tuple)):
                below += one
        level = below
    return size
