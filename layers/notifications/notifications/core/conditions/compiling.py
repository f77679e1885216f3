"""Conditions as the command line spells them: ``status=RUNNING``, ``!termination_reason``, ``exit_code>0``.

A clause is a path, an operator and values. Values are separated by commas. A bare value that JSON reads as a
number, true, false or null is one; anything within double quotes is text, as JSON writes it. A star outside
quotes stands for any text. White space around a path, an operator or a value means nothing. Clauses become an
event pattern, which is read like any other, so that there is only one reader of conditions.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from notifications.core.conditions import values
from notifications.core.conditions.alternatives import read as read_alternatives
from notifications.core.conditions.model import MAX_BYTES, Condition, ConditionError, dotted
from notifications.core.conditions.parsing import parse
from notifications.core.conditions.scanning import Clause, read
from notifications.core.nearest import quoted

PRESENT: list[Any] = [{"prefix": ""}, {"numeric": ["<", 0]}, {"numeric": [">=", 0]}, True, False]
"""The alternatives of a field that is present and not null. ``anything-but`` and ``exists`` hold for null
too, so they cannot say this."""

ABSENT: list[Any] = [None, {"exists": False}]
"""The alternatives of a field that is not set: some producers write null, others leave the field out."""

PRESENT_ALTERNATIVES = read_alternatives(PRESENT, ("",))
ABSENT_ALTERNATIVES = read_alternatives(ABSENT, ("",))

_LOWER, _UPPER = (">", ">="), ("<", "<=")


def from_clauses(clauses: Sequence[str]) -> Condition:
    """Read clauses, all of which must hold.

    Raises:
        ConditionError: a clause has a fault; the error quotes it and says what would be right.
    """
    if not clauses:
        raise ConditionError("", "there is no clause; write one as in status=RUNNING", prefix="where")
    if sum(map(len, clauses)) > MAX_BYTES:
        raise ConditionError("", f"has more than {MAX_BYTES} characters", prefix="where")
    pattern: dict[str, Any] = {}
    for text in clauses:
        clause = read(text)
        field = dotted(clause.path)
        made = _alternatives(clause)
        pattern[field] = _together(pattern[field], made, clause) if field in pattern else made
    return parse(pattern)


def _alternatives(clause: Clause) -> list[Any]:
    made: list[Any]
    match clause.operator:
        case "":
            made = PRESENT
        case "!":
            made = ABSENT
        case "=":
            made = [values.alternative(item, clause) for item in clause.items]
        case "!=":
            made = _none_of(clause)
        case "~=":
            made = [values.ignoring_case(item, clause) for item in clause.items]
        case "!~=":
            texts = [values.plain_text(item, clause) for item in clause.items]
            made = _but({"equals-ignore-case": _one_or_list(texts)})
        case comparator:
            made = [{"numeric": [comparator, values.number(clause)]}]
    return made


def _none_of(clause: Clause) -> list[Any]:
    found = [values.alternative(item, clause) for item in clause.items]
    if found == [None]:
        return PRESENT
    if len(found) == 1 and isinstance(found[0], bool):
        return [not found[0], None, {"exists": False}]
    if all(isinstance(one, str) for one in found) or all(_is_number(one) for one in found):
        return _but(found)
    if not all(item.stars or item.quoted or values.is_plain(item.text) for item in clause.items):
        raise clause.wrong("!= takes texts, or numbers, or one of true, false and null")
    operators = {name for one in found for name in (one if isinstance(one, Mapping) else ["wildcard"])}
    if len(operators) > 1 or operators == {"wildcard"}:
        return _but({"wildcard": _one_or_list([values.wildcard(item) for item in clause.items])})
    (operator,) = operators
    return _but({operator: _one_or_list([one[operator] for one in found])})


def _but(what: Any) -> list[Any]:
    """Make the alternatives for none of these, and for absent: people count that too, patterns do not."""
    return [{"anything-but": what}, {"exists": False}]


def _together(before: list[Any], after: list[Any], clause: Clause) -> list[Any]:
    """Merge the alternatives of two clauses on one field, because a pattern can name a field only once."""
    bounds = [_bound(before), _bound(after)]
    if all(bounds):
        for first, second in (bounds, bounds[::-1]):
            if first and second and first[0] in _LOWER and second[0] in _UPPER:
                return [{"numeric": [*first, *second]}]
    both = [_negated(before), _negated(after)]
    if all(both):
        return [{"anything-but": _union(both[0], both[1])}, {"exists": False}]
    raise clause.wrong(
        f"{quoted(dotted(clause.path))} is in two clauses, which cannot be put together; "
        "any of several values is one clause, as in status=RUNNING,PENDING"
    )


def _bound(alternatives: list[Any]) -> list[Any] | None:
    match alternatives:
        case [{"numeric": [comparator, bound]}]:
            return [comparator, bound]
    return None


def _negated(alternatives: list[Any]) -> list[Any] | None:
    match alternatives:
        case [{"anything-but": [*listed]}, {"exists": False}]:
            return listed
    return None


def _union(one: Iterable[Any] | None, other: Iterable[Any] | None) -> list[Any]:
    return list(dict.fromkeys([*(one or ()), *(other or ())]))


def _is_number(one: Any) -> bool:
    return isinstance(one, (int, float)) and not isinstance(one, bool)


def _one_or_list(texts: list[str]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else texts
