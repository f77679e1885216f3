"""Read the alternatives of a leaf of an event pattern: values, and operators with their operands."""

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_network
from math import isfinite
from typing import Any

from notifications.core.conditions import wildcards
from notifications.core.conditions.model import (
    COMPARATORS,
    MAX_ALTERNATIVES,
    NEGATED,
    Alternative,
    AnythingBut,
    Cidr,
    ConditionError,
    EqualsIgnoreCase,
    Exists,
    Negated,
    Numeric,
    Path,
    Prefix,
    Suffix,
    Wildcard,
    dotted,
    exact,
)
from notifications.core.json_text import compact
from notifications.core.nearest import hint, quoted
from notifications.core.texts import cut

IGNORE_CASE = "equals-ignore-case"


def read(alternatives: Any, path: Path) -> tuple[Alternative, ...]:
    """Read a leaf's list of alternatives.

    Raises:
        ConditionError: it is not a list of alternatives.
    """
    place = dotted(path)
    if not isinstance(alternatives, list):
        known = path[-1] in OPERATORS
        hint = f"[{compact({path[-1]: alternatives})}]" if known else f"[{cut(compact(alternatives))}]"
        where = dotted(path[:-1]) if known and path[:-1] else place
        raise ConditionError(where, f"a field takes a list of alternatives: write {hint}")
    if not alternatives:
        raise ConditionError(place, 'the list is empty; for "absent or null" write [null, {"exists": false}]')
    if len(alternatives) > MAX_ALTERNATIVES:
        raise ConditionError(
            place, f"has {len(alternatives)} alternatives, at most {MAX_ALTERNATIVES} are allowed"
        )
    return tuple(_alternative(one, place) for one in alternatives)


def searched(alternatives: Sequence[Alternative]) -> list[str]:
    """List the texts that are searched for anywhere in a value."""
    found: list[str] = []
    for one in alternatives:
        if isinstance(one, Wildcard):
            found += wildcards.searched(one.text)
        elif isinstance(one, AnythingBut) and one.operator == "wildcard":
            found += [piece for text in one.values for piece in wildcards.searched(str(text))]
    return found


def _alternative(one: Any, place: str) -> Alternative:
    match one:
        case Mapping():
            return _operation(one, place)
        case list():
            raise ConditionError(place, "a list within the list; list all alternatives in one")
        case float() if not isfinite(one):
            raise ConditionError(place, "a number that JSON does not have")
        case None | bool() | int() | float() | str():
            return exact(one)
        case _:
            raise ConditionError(place, "a value that JSON does not have")


def _operation(one: Mapping[str, Any], place: str) -> Alternative:
    if len(one) != 1:
        fault = "two operators in one object" if one else "an object without an operator"
        raise ConditionError(place, f"{fault}; each alternative is an object with one")
    ((name, operand),) = one.items()
    operator = OPERATORS.get(name)
    if operator is None:
        likely = hint(name.lower(), OPERATORS)
        raise ConditionError(place, f"{quoted(name)} is not an operator{likely} ({', '.join(OPERATORS)})")
    return operator(operand, place)


def _exists(operand: Any, place: str) -> Alternative:
    if not isinstance(operand, bool):
        raise ConditionError(place, "exists takes true or false")
    return Exists(operand)


def _prefix(operand: Any, place: str) -> Alternative:
    return Prefix(*_affix("prefix", operand, place))


def _suffix(operand: Any, place: str) -> Alternative:
    return Suffix(*_affix("suffix", operand, place))


def _affix(name: str, operand: Any, place: str) -> tuple[str, bool]:
    if isinstance(operand, Mapping) and len(operand) == 1 and isinstance(operand.get(IGNORE_CASE), str):
        return operand[IGNORE_CASE], True
    if not isinstance(operand, str):
        raise ConditionError(place, f'{name} takes a text, or {{"{IGNORE_CASE}": text}}')
    return operand, False


def _ignore_case(operand: Any, place: str) -> Alternative:
    if not isinstance(operand, str):
        raise ConditionError(place, f"{IGNORE_CASE} takes one text; for more write more alternatives")
    return EqualsIgnoreCase(operand)


def _wildcard(operand: Any, place: str) -> Alternative:
    if not isinstance(operand, str):
        raise ConditionError(place, "wildcard takes one text with stars; for more write more alternatives")
    wildcards.check(operand, place)
    return Wildcard(operand)


def _numeric(operand: Any, place: str) -> Alternative:
    form = 'numeric takes one comparison or a lower and an upper one, as in ["<", 5] or [">=", 2, "<", 5]'
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        raise ConditionError(place, form)
    pairs = tuple(zip(operand[::2], operand[1::2], strict=True))
    for comparator, bound in pairs:
        if comparator not in COMPARATORS:
            raise ConditionError(
                place, f"{quoted(str(comparator))} is not one of {' '.join(COMPARATORS)}; {form}"
            )
        if isinstance(bound, bool) or not isinstance(bound, (int, float)) or not isfinite(bound):
            raise ConditionError(place, f"{cut(compact(bound))} is not a number; {form}")
    if len(pairs) > 1:
        (first, lower), (second, upper) = pairs
        if first not in (">", ">=") or second not in ("<", "<="):
            raise ConditionError(place, form)
        if lower >= upper:
            raise ConditionError(place, f"no number is {first} {lower} and {second} {upper}; {form}")
    return Numeric(pairs)


def _cidr(operand: Any, place: str) -> Alternative:
    form = 'cidr takes a network, as in "10.0.0.0/8" or "2001:db8::/32"'
    address, slash, mask = operand.partition("/") if isinstance(operand, str) else ("", "", "")
    if not slash or not (mask.isascii() and mask.isdecimal()) or "%" in address:
        raise ConditionError(place, form)
    try:
        ip_network(operand, strict=False)
    except ValueError:
        raise ConditionError(place, f"{quoted(operand)} is not a network; {form}") from None
    return Cidr(operand)


def _anything_but(operand: Any, place: str) -> Alternative:
    if not isinstance(operand, Mapping):
        return _anything_but_values(operand, place)
    form = f"anything-but takes values, or one of {', '.join(NEGATED)}"
    if len(operand) != 1:
        raise ConditionError(place, form)
    ((name, texts),) = operand.items()
    if name not in NEGATED:
        raise ConditionError(place, f"{quoted(name)} does not go into anything-but; {form}")
    operator: Negated = name
    values = _listed(texts, operator, place)
    for text in values:
        if not isinstance(text, str):
            raise ConditionError(place, f"{operator} in anything-but takes a text, or a list of texts")
        if operator in ("prefix", "suffix") and not text:
            raise ConditionError(place, f"every text has the empty {operator}, so that nothing is left")
        if operator == "wildcard":
            wildcards.check(text, place)
    return AnythingBut(operator, values, isinstance(texts, list))


def _anything_but_values(operand: Any, place: str) -> Alternative:
    values = _listed(operand, "anything-but", place)
    kinds = {str if isinstance(one, str) else _number_type(one) for one in values}
    if None in kinds:
        raise ConditionError(
            place, "anything-but takes texts or numbers; for true, false and null list the values that may be"
        )
    if len(kinds) > 1:
        raise ConditionError(place, "anything-but takes a list of texts or of numbers, not of both")
    return AnythingBut("values", values, isinstance(operand, list))


def _number_type(one: Any) -> type | None:
    is_number = isinstance(one, (int, float)) and not isinstance(one, bool) and isfinite(one)
    return float if is_number else None


def _listed(operand: Any, name: str, place: str) -> tuple[Any, ...]:
    values: Sequence[Any] = operand if isinstance(operand, list) else [operand]
    if not values:
        raise ConditionError(place, f"the list of {name} is empty")
    if len(values) > MAX_ALTERNATIVES:
        raise ConditionError(
            place, f"{name} has {len(values)} values, at most {MAX_ALTERNATIVES} are allowed"
        )
    return tuple(values)


OPERATORS: dict[str, Callable[[Any, str], Alternative]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "wildcard": _wildcard,
    IGNORE_CASE: _ignore_case,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "exists": _exists,
    "cidr": _cidr,
}
