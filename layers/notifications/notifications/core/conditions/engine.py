"""The one engine: whether an event's fields meet a condition, and which leaf decides.

Each way to choose one option of every ``$or`` is a branch; a branch holds if all its leaves do. Its leaves
are kept as a tree of names, so that two fields of an object in a list are looked up in the same object. A
failure returns the leaf that failed, so that an explanation only has to read the result.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import Enum
from functools import lru_cache
from typing import Any

from notifications.core.conditions import comparing
from notifications.core.conditions.branching import branches
from notifications.core.conditions.fields import ABSENT, prepared, scalars
from notifications.core.conditions.model import Condition, Exists, Leaf, Scalar
from notifications.core.conditions.work import Work
from notifications.core.values import mutable

COMPILED = 1_024
"""How many compiled conditions are cached, for callers that have only the condition."""


class Met(Enum):
    """How a condition is met: only by absent fields, or by a value."""

    ABSENCE = 1
    VALUE = 2


_ABSENCE, _VALUE = Met.ABSENCE, Met.VALUE


@mutable
class Probe:
    """A compiled leaf.

    ``absent``: whether a field's absence meets it. ``steps``: what one value costs. ``number``: its position
    in its branch.
    """

    leaf: Leaf
    passes: Callable[[Scalar], bool]
    absent: bool
    steps: int
    number: int = 0


Outcome = Met | Probe
"""How a condition is met, or the leaf that failed."""


@mutable
class Node:
    """A place in the tree of names: the leaves that test it, and the places below it.

    ``absent``: whether absence of this place meets all of them. ``leaves``: how many leaves there are here
    and below.
    """

    probes: list[Probe] = field(default_factory=list)
    below: dict[str, "Node"] = field(default_factory=dict)
    absent: bool = True
    leaves: int = 0


class Matcher:
    """A compiled condition."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.branches = [_tree(leaves) for leaves in branches(condition)]

    def matches(self, data: Mapping[str, Any]) -> bool:
        """Return whether fields meet the condition.

        Raises:
            ConditionTooExpensive: this takes too many steps.
        """
        return self.holds(prepared(data))

    def holds(self, fields: dict[str, Any]) -> bool:
        """Return whether prepared fields meet the condition.

        Raises:
            ConditionTooExpensive: this takes too many steps.
        """
        work = Work()
        return any(isinstance(_place(branch, fields, work), Met) for branch in self.branches)

    def decide(self, fields: dict[str, Any]) -> tuple[bool, Sequence[Leaf]]:
        """Return the same, with the leaves of the branch that holds, or the one that failed last in any.

        Raises:
            ConditionTooExpensive: this takes too many steps.
        """
        work = Work()
        furthest: Probe | None = None
        for branch in self.branches:
            outcome = _place(branch, fields, work)
            if isinstance(outcome, Met):
                return True, [probe.leaf for probe in _probes(branch)]
            furthest = _later(furthest, outcome)
        return False, [furthest.leaf] if furthest else []


@lru_cache(maxsize=COMPILED)
def compiled(condition: Condition) -> Matcher:
    """Compile a condition, or return it from the cache."""
    return Matcher(condition)


def _tree(leaves: Iterable[Leaf]) -> Node:
    root = Node()
    for leaf in leaves:
        absent = Exists(present=False) in leaf.alternatives
        probe = Probe(
            leaf, comparing.predicate(leaf.alternatives), absent, comparing.steps(leaf.alternatives)
        )
        nodes = [root]
        for name in leaf.path:
            nodes.append(nodes[-1].below.setdefault(name, Node()))
        nodes[-1].probes.append(probe)
        for node in nodes:
            node.absent &= absent
            node.leaves += 1
    for number, probe in enumerate(_probes(root)):
        probe.number = number
    return root


def _probes(node: Node) -> Iterator[Probe]:
    yield from node.probes
    for inner in node.below.values():
        yield from _probes(inner)


def _later(one: Probe | None, other: Probe) -> Probe:
    return other if one is None or other.number > one.number else one


def _place(node: Node, value: Any, work: Work) -> Outcome:
    """Try the leaves at a place and below it on a value."""
    met = _ABSENCE
    for probe in node.probes:
        outcome = _probe(probe, value, work)
        if outcome is _VALUE:
            met = _VALUE
        elif outcome is not _ABSENCE:
            return outcome
    if node.below:
        outcome = _below(node, value, work)
        if outcome is not _ABSENCE:
            return outcome
    return met


def _probe(probe: Probe, value: Any, work: Work) -> Outcome:
    """Try one leaf on a value. Any value in a list may meet it; an object is not a value."""
    kind = type(value)
    if kind is list:
        values = work.scalars(value)
        work.spend(len(values) * probe.steps)
        if values:
            return _VALUE if any(map(probe.passes, values)) else probe
    elif kind is not dict and value is not ABSENT:
        return _VALUE if probe.passes(value) else probe
    return _ABSENCE if probe.absent else probe


def _below(node: Node, value: Any, work: Work) -> Outcome:
    """Try the leaves below a place on one object; if the value is a list, on each object in it."""
    if type(value) is dict:
        met = _ABSENCE
        for name, inner in node.below.items():
            outcome = _place(inner, value.get(name, ABSENT), work)
            if outcome is _VALUE:
                met = _VALUE
            elif outcome is not _ABSENCE:
                return outcome
        return met
    if type(value) is list:
        return _in_list(node, value, work)
    return _nothing(node, [], work)


def _in_list(node: Node, values: list[Any], work: Work) -> Outcome:
    objects = work.objects(values)
    work.spend(len(objects) * node.leaves)
    failed: Probe | None = None
    for one in objects:
        outcome = _below(node, one, work)
        if outcome is _VALUE:
            return outcome
        if isinstance(outcome, Probe):
            failed = _later(failed, outcome)
    # No single object meets the leaves. A leaf that absence meets needs absence from all objects, not from
    # one.
    nothing = _nothing(node, objects, work)
    return nothing if isinstance(nothing, Met) or failed is None else failed


def _nothing(node: Node, objects: list[dict[str, Any]], work: Work) -> Outcome:
    """Return whether absence from all of these objects meets the leaves below a place."""
    for name, inner in node.below.items():
        values = scalars([one[name] for one in objects if name in one], objects=True)
        work.spend(len(values))
        inside = [one for one in values if type(one) is dict]
        for probe in inner.probes:
            if not probe.absent or len(inside) < len(values):
                return probe
        outcome = _nothing(inner, inside, work)
        if outcome is not _ABSENCE:
            return outcome
    return _ABSENCE


def match(condition: Condition, data: Mapping[str, Any]) -> bool:
    """Return whether an event's fields meet a condition.

    Raises:
        ConditionTooExpensive: this takes too many steps.
    """
    return compiled(condition).matches(data)
