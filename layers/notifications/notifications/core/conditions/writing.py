"""Write a condition as the event pattern that it was read from, with nesting in place of dotted names."""

from collections.abc import Sequence
from typing import Any, assert_never

from notifications.core.conditions.model import (
    Alternative,
    AnyOf,
    AnythingBut,
    Cidr,
    Condition,
    EqualsIgnoreCase,
    Exact,
    Exists,
    Leaf,
    Numeric,
    Prefix,
    Suffix,
    Wildcard,
)


def to_json(condition: Condition) -> dict[str, Any]:
    """Write a condition as an event pattern, which ``parse`` reads as the same condition."""
    return _object(condition.parts, 0)


def leaf_json(leaf: Leaf) -> list[Any]:
    """Write the alternatives of a leaf."""
    return [alternative_json(one) for one in leaf.alternatives]


def alternative_json(one: Alternative) -> Any:
    """Write one alternative."""
    made: Any
    match one:
        case Exact():
            made = one.value
        case Exists():
            made = {"exists": one.present}
        case Prefix():
            made = {"prefix": {"equals-ignore-case": one.text} if one.ignore_case else one.text}
        case Suffix():
            made = {"suffix": {"equals-ignore-case": one.text} if one.ignore_case else one.text}
        case EqualsIgnoreCase():
            made = {"equals-ignore-case": one.text}
        case Wildcard():
            made = {"wildcard": one.text}
        case Numeric():
            made = {"numeric": [part for comparison in one.comparisons for part in comparison]}
        case Cidr():
            made = {"cidr": one.network}
        case AnythingBut():
            values = list(one.values) if one.listed else one.values[0]
            made = {"anything-but": values if one.operator == "values" else {one.operator: values}}
        case _:
            assert_never(one)
    return made


def _object(parts: Sequence[Leaf | AnyOf], depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in parts:
        match part:
            case Leaf():
                names, written = part.path[depth:], leaf_json(part)
            case AnyOf():
                names = (*part.path[depth:], "$or")
                written = [_object(option.parts, len(part.path)) for option in part.options]
        here = made
        for name in names[:-1]:
            here = here.setdefault(name, {})
        here[names[-1]] = written
    return made
