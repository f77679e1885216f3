"""Make predicates for leaves: whether one value of an event meets an alternative. Made once, called often."""

from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import ip_address, ip_network
from operator import ge, gt, le, lt
from types import NoneType
from typing import assert_never

from notifications.core.conditions import wildcards
from notifications.core.conditions.model import (
    Alternative,
    AnythingBut,
    Cidr,
    Comparator,
    EqualsIgnoreCase,
    Exact,
    Exists,
    Numeric,
    Prefix,
    Scalar,
    Suffix,
    Wildcard,
)

Predicate = Callable[[Scalar], bool]
OnText = Callable[[str], bool]
OnNumber = Callable[[float], bool]

CIDR_STEPS = 12
"""The cost of parsing an address, in comparisons of values."""

MAX_ADDRESS_CHARS = 45
"""The length of an IPv6 address in its longest form."""


def predicate(alternatives: Sequence[Alternative]) -> Predicate:
    """Make the predicate that is true for values that meet one of the alternatives."""
    if Exists(present=True) in alternatives:
        return lambda _: True
    by_type = {
        str: _any(_exacts(alternatives, "text"), _text_tests(alternatives)),
        bool: _any(_exacts(alternatives, "boolean"), _other_tests(alternatives)),
        NoneType: _any(_exacts(alternatives, "null"), _other_tests(alternatives)),
    }
    by_type[int] = by_type[float] = _any(_exacts(alternatives, "number"), _number_tests(alternatives))
    return lambda value: by_type[type(value)](value)


def steps(alternatives: Sequence[Alternative]) -> int:
    """Return how many steps a value costs: one for all exact values, and one for each other alternative."""
    dear = sum(isinstance(one, Cidr) for one in alternatives)
    tried = sum(
        len(one.values) if isinstance(one, AnythingBut) and one.operator != "values" else 1
        for one in alternatives
        if not isinstance(one, Exact)
    )
    return 1 + tried + dear * CIDR_STEPS


def _any(exacts: frozenset[Scalar], tests: Sequence[Callable[..., bool]]) -> Predicate:
    if not tests:
        return exacts.__contains__
    if len(tests) == 1 and not exacts:
        return tests[0]

    def meets(value: Scalar) -> bool:
        if value in exacts:
            return True
        for test in tests:  # noqa: SIM110 - a generator would take twice as long
            if test(value):
                return True
        return False

    return meets


def _exacts(alternatives: Sequence[Alternative], kind: str) -> frozenset[Scalar]:
    return frozenset(one.value for one in alternatives if isinstance(one, Exact) and one.kind == kind)


def _text_tests(alternatives: Sequence[Alternative]) -> list[OnText]:
    tests: list[OnText] = []
    for one in alternatives:
        match one:
            case Exact() | Exists() | Numeric():
                pass
            case Prefix() | Suffix() | EqualsIgnoreCase() | Wildcard():
                tests.append(on_text(one))
            case Cidr():
                tests.append(_in_network(one.network))
            case AnythingBut():
                tests.append(_none_of(one))
            case _:
                assert_never(one)
    return tests


def _number_tests(alternatives: Sequence[Alternative]) -> list[OnNumber]:
    negated = [one for one in alternatives if isinstance(one, AnythingBut)]
    return [
        *(within(one) for one in alternatives if isinstance(one, Numeric)),
        *(_none_of(one) if one.operator == "values" else _always for one in negated),
    ]


def _other_tests(alternatives: Sequence[Alternative]) -> list[Predicate]:
    """Make the tests of true, false and null, which each ``anything-but`` accepts, as it cannot name them."""
    tests: list[Predicate] = [_always]
    return tests if any(isinstance(one, AnythingBut) for one in alternatives) else []


def _always(_: Scalar) -> bool:
    return True


def _not_in(values: frozenset[Scalar], value: Scalar) -> bool:
    return value not in values


def on_text(one: Prefix | Suffix | EqualsIgnoreCase | Wildcard) -> OnText:
    """Make the predicate that is true for texts that meet an alternative."""
    match one:
        case Prefix(text=text, ignore_case=False):
            return lambda value: value.startswith(text)
        case Suffix(text=text, ignore_case=False):
            return lambda value: value.endswith(text)
        case Prefix(text=text):
            folded = text.casefold()
            return lambda value: value[: len(folded)].casefold().startswith(folded)
        case Suffix(text=text):
            folded = text.casefold()
            return lambda value: value[max(0, len(value) - len(folded)) :].casefold().endswith(folded)
        case EqualsIgnoreCase(text=text):
            folded = text.casefold()
            return lambda value: len(value) <= len(folded) and value.casefold() == folded
        case Wildcard():
            return wildcards.matcher(one.text)
        case _:
            assert_never(one)


def _none_of(one: AnythingBut) -> Callable[..., bool]:
    if one.operator == "values":
        return partial(_not_in, frozenset(one.values))
    tests = [on_text(_positive(one, str(text))) for text in one.values]
    return lambda value: not any(test(value) for test in tests)


def _positive(one: AnythingBut, text: str) -> Prefix | Suffix | EqualsIgnoreCase | Wildcard:
    match one.operator:
        case "prefix":
            return Prefix(text)
        case "suffix":
            return Suffix(text)
        case "wildcard":
            return Wildcard(text)
        case _:
            return EqualsIgnoreCase(text)


_BOUNDS: dict[Comparator, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def within(one: Numeric) -> OnNumber:
    """Make the predicate that is true for numbers within the bounds."""
    if len(one.comparisons) == 1:
        ((comparator, bound),) = one.comparisons
        if comparator == "=":
            return lambda value: value == bound
        compare = _BOUNDS[comparator]
        return lambda value: compare(value, bound)
    (first, lower), (second, upper) = one.comparisons
    above, below = _BOUNDS[first], _BOUNDS[second]
    return lambda value: above(value, lower) and below(value, upper)


def _in_network(text: str) -> OnText:
    network = ip_network(text, strict=False)

    def inside(value: str) -> bool:
        if len(value) > MAX_ADDRESS_CHARS:
            return False
        try:
            return ip_address(value) in network
        except ValueError:
            return False

    return inside
