"""Say why a condition holds or not: the leaves that the engine returned, with the event's values."""

from collections.abc import Mapping
from typing import Any

from notifications.core.conditions.engine import compiled
from notifications.core.conditions.fields import at, prepared
from notifications.core.conditions.model import Condition, Leaf, dotted
from notifications.core.conditions.printing import leaf_clauses
from notifications.core.conditions.wording import needed
from notifications.core.conditions.writing import to_json
from notifications.core.json_text import compact
from notifications.core.texts import cut
from notifications.core.values import value

ABSENT = "absent"
MAX_SEEN_VALUES = 10
"""How many values of a list are shown."""


@value
class LeafResult:
    """A leaf and the event's value for it.

    ``seen``: the value as JSON, several as a list, or ``absent``. ``needed``: in words, like ``"batch" or
    "inference"``. ``clause``: the leaf in the command line's spelling, or as JSON if it has none.
    """

    path: str
    seen: str
    needed: str
    clause: str

    def __str__(self) -> str:
        return f"{self.path} is {self.seen}, needed: {self.needed}"


@value
class Explanation:
    """Whether a condition holds, and why.

    ``leaves``: those that are met, or the one that is not. The first one decides.
    """

    met: bool
    leaves: tuple[LeafResult, ...]

    @property
    def deciding(self) -> LeafResult:
        """Return the leaf that decides."""
        return self.leaves[0]


def explain(condition: Condition, data: Mapping[str, Any]) -> Explanation:
    """Return whether an event's fields meet a condition, and which leaf decides.

    Raises:
        ConditionTooExpensive: this takes too many steps.
    """
    fields = prepared(data)
    met, leaves = compiled(condition).decide(fields)
    return Explanation(met, tuple(_result(leaf, fields) for leaf in leaves))


def leaf_clause(leaf: Leaf) -> str:
    """Write a leaf as a clause, or as several joined by "and"; as JSON if it cannot be spelled so."""
    made = leaf_clauses(leaf)
    return " and ".join(made) if made else compact(to_json(Condition((leaf,))))


def _result(leaf: Leaf, fields: Mapping[str, Any]) -> LeafResult:
    return LeafResult(dotted(leaf.path), _seen(leaf, fields), cut(needed(leaf)), leaf_clause(leaf))


def _seen(leaf: Leaf, fields: Mapping[str, Any]) -> str:
    found = at(leaf.path, fields)
    if not found:
        return ABSENT
    if len(found) == 1:
        return cut(compact(found[0]))
    more = ["…"] if len(found) > MAX_SEEN_VALUES else []
    return cut(compact(found[:MAX_SEEN_VALUES] + more))
