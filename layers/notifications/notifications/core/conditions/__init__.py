"""Conditions on events: which events a rule is about. Pure functions on one tree.

``parse`` and ``from_clauses`` read a condition, ``to_json`` and ``clauses`` write it, ``check`` compares it
with an event type's schema, ``match`` and ``explain`` try it on an event, and ``Index`` finds which of many
conditions an event meets.
"""

from collections.abc import Mapping
from typing import Any

from notifications.core.conditions.checking import Fault, check
from notifications.core.conditions.clauses import from_clauses
from notifications.core.conditions.engine import Matcher, compiled
from notifications.core.conditions.explaining import Explanation, Told, explain
from notifications.core.conditions.index import Index
from notifications.core.conditions.model import Condition, ConditionError
from notifications.core.conditions.parsing import parse
from notifications.core.conditions.printing import clauses
from notifications.core.conditions.work import ConditionTooDear
from notifications.core.conditions.writing import to_json


def match(condition: Condition, data: Mapping[str, Any]) -> bool:
    """Tell whether an event's fields meet a condition.

    Raises:
        ConditionTooDear: this takes too many steps.
    """
    return compiled(condition).matches(data)


__all__ = [
    "Condition",
    "ConditionError",
    "ConditionTooDear",
    "Explanation",
    "Fault",
    "Index",
    "Matcher",
    "Told",
    "check",
    "clauses",
    "explain",
    "from_clauses",
    "match",
    "parse",
    "to_json",
]
