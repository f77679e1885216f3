"""Conditions on events: which events a rule is about. Pure functions on one tree.

``parse`` and ``from_clauses`` read a condition, ``to_json`` and ``clauses`` write it, ``check`` compares it
with an event type's schema, ``match`` and ``explain`` try it on an event, and ``Index`` finds which of many
conditions an event meets.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from notifications.core.conditions.checking import Fault, check, require
    from notifications.core.conditions.compiling import from_clauses
    from notifications.core.conditions.engine import Matcher, match
    from notifications.core.conditions.explaining import Explanation, Told, explain
    from notifications.core.conditions.index import Index, Verdicts
    from notifications.core.conditions.model import Condition, ConditionError
    from notifications.core.conditions.parsing import parse
    from notifications.core.conditions.printing import clauses
    from notifications.core.conditions.work import ConditionTooExpensive
    from notifications.core.conditions.writing import to_json

_HOMES = {
    "checking": ("Fault", "check", "require"),
    "compiling": ("from_clauses",),
    "engine": ("Matcher", "match"),
    "explaining": ("Explanation", "Told", "explain"),
    "index": ("Index", "Verdicts"),
    "model": ("Condition", "ConditionError"),
    "parsing": ("parse",),
    "printing": ("clauses",),
    "work": ("ConditionTooExpensive",),
    "writing": ("to_json",),
}
"""To import all modules takes 33 ms, what a dispatcher needs of them 19: each comes when it is used."""

_MODULES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


__all__ = [
    "Condition",
    "ConditionError",
    "ConditionTooExpensive",
    "Explanation",
    "Fault",
    "Index",
    "Matcher",
    "Told",
    "Verdicts",
    "check",
    "clauses",
    "explain",
    "from_clauses",
    "match",
    "parse",
    "require",
    "to_json",
]
