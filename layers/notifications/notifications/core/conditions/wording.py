"""Say in words what a leaf needs."""

from collections.abc import Sequence
from typing import assert_never

from notifications.core.conditions.compiling import ABSENT_ALTERNATIVES, PRESENT_ALTERNATIVES
from notifications.core.conditions.model import (
    Alternative,
    AnythingBut,
    Cidr,
    EqualsIgnoreCase,
    Exact,
    Exists,
    Leaf,
    Negated,
    Numeric,
    Prefix,
    Suffix,
    Wildcard,
)
from notifications.core.json_text import compact

_NEGATED: dict[Negated, str] = {
    "values": "",
    "prefix": "what begins with ",
    "suffix": "what ends with ",
    "wildcard": "what is like ",
    "equals-ignore-case": "",
}


def needed(leaf: Leaf) -> str:
    """Say what a leaf needs, in words that follow "needed:"."""
    match leaf.alternatives:
        case alternatives if alternatives == PRESENT_ALTERNATIVES:
            return "any value but null"
        case alternatives if alternatives == ABSENT_ALTERNATIVES:
            return "absent or null"
        case (AnythingBut() as negated, Exists(present=False)):
            return f"{alternative_words(negated)}, or absent"
        case alternatives:
            return listed([alternative_words(one) for one in alternatives])


def listed(words: Sequence[str]) -> str:
    """Join with commas, and "or" before the last."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def alternative_words(one: Alternative) -> str:
    """Say what one alternative is."""
    made: str
    match one:
        case Exact():
            made = compact(one.value)
        case Exists():
            made = "any value" if one.present else "absent"
        case Prefix():
            made = f"a text that begins with {compact(one.text)}{_case(ignored=one.ignore_case)}"
        case Suffix():
            made = f"a text that ends with {compact(one.text)}{_case(ignored=one.ignore_case)}"
        case EqualsIgnoreCase():
            made = f"{compact(one.text)}{_case(ignored=True)}"
        case Wildcard():
            made = f"a text like {compact(one.text)}"
        case Numeric():
            made = (
                f"a number {' and '.join(f'{comparator} {bound}' for comparator, bound in one.comparisons)}"
            )
        case Cidr():
            made = f"an address in {one.network}"
        case AnythingBut():
            case = _case(ignored=one.operator == "equals-ignore-case")
            made = f"any value but {_NEGATED[one.operator]}{listed(list(map(compact, one.values)))}{case}"
        case _:
            assert_never(one)
    return made


def _case(*, ignored: bool) -> str:
    return " in upper or lower case" if ignored else ""
