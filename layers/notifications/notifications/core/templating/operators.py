"""Operators, ``%`` included, that charge the budget before they compute."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2.runtime import Undefined

from notifications.core.errors import TemplateError
from notifications.core.templating.absent import is_nothing
from notifications.core.templating.budget import MAX_NUMBER_BITS, MAX_TEXT_CHARS, Budget, opaque

MAX_FORMAT_DIGITS = 3
"""The most digits of a width or precision in a format: up to 999."""

_DIGITS = rf"\d{{0,{MAX_FORMAT_DIGITS}}}"
_PERCENT = (
    rf"%(?:%|(?P<name>\([^()]*\))?(?P<flags>[#0\- +]*)(?P<width>{_DIGITS})(?:\.(?P<precision>{_DIGITS}))?"
    r"(?P<kind>[diouxXeEfFgGcrsa]))?"
)
_ESCAPED_CHARS = 10
"""How many characters one character can become when Python writes it: \\U0001f680."""

_PLAIN_CHARS = 400
"""How many characters a float, a date, None or the like can take."""

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "**": operator.pow,
    "%": operator.mod,
}
INTERCEPTED = frozenset(_OPERATORS)
_SEQUENCES = (str, list, tuple)


def apply(budget: Budget, symbol: str, left: Any, right: Any) -> Any:
    """Compute ``left symbol right`` within the budget.

    Raises:
        TemplateError: the result would be too large, or the budget is spent.
    """
    budget.charge(1)
    if isinstance(left, _SEQUENCES) or isinstance(right, _SEQUENCES):
        return _of_sequences(budget, symbol, left, right)
    if isinstance(left, int) and isinstance(right, int):
        # Only powers can grow out of proportion in one step; for the others, weighing the result is enough.
        if symbol == "**" and left.bit_length() * abs(right) > MAX_NUMBER_BITS:
            raise TemplateError("The template makes a number that is too large")
        budget.weigh(left)
        budget.weigh(right)
    elif opaque(left) or opaque(right):
        raise TemplateError(f"The operator {symbol} has no meaning for a {type(left).__name__}")
    result = _OPERATORS[symbol](left, right)
    budget.weigh(result)
    return result


def percent(budget: Budget, text: str, values: Any) -> str:
    """Fill the ``%`` places of a text.

    Raises:
        TemplateError: a width or precision is too large or given as ``*``, or the result is too long.
    """
    budget.weigh(values)
    budget.chars(len(text))
    listed = _listed(values)
    longest = max(map(_written_chars, listed), default=0)
    plain = max(
        (len(value) if isinstance(value, str) else _written_chars(value) for value in listed), default=0
    )
    # Bound the result before Python makes it: the sum of all widths and of the longest value for each place.
    room = len(text)
    for place in re.finditer(_PERCENT, text):
        if place.group() == "%":
            raise TemplateError("A % format is malformed, or its width is too large")
        if place["kind"]:
            room += longest if place["kind"] in "ra" else plain
            room += int(place["width"] or 0) + int(place["precision"] or 0)
        if room > MAX_TEXT_CHARS:
            raise TemplateError(f"The template makes a text of more than {MAX_TEXT_CHARS} characters")
    budget.chars(room)
    if any(map(is_nothing, listed)):
        text = _blanked(text, values)
    made: str = text % values
    return made


def _blanked(text: str, values: Any) -> str:
    """Make missing values write nothing: ``%.0s`` takes a value and writes none of it."""
    in_order = iter(_listed(values))

    def blanked(place: re.Match[str]) -> str:
        if not place["kind"]:
            return place.group()
        name = place["name"]
        value = values.get(name[1:-1], text) if name and isinstance(values, Mapping) else next(in_order, text)
        if not is_nothing(value) or place["kind"] in "ra":
            return place.group()
        return f"%{name or ''}{place['flags']}{place['width']}.0s"

    return re.sub(_PERCENT, blanked, text)


def _of_sequences(budget: Budget, symbol: str, left: Any, right: Any) -> Any:
    if symbol == "%" and isinstance(left, str):
        return percent(budget, left, right)
    if symbol == "*":
        sequence, times = (left, right) if isinstance(left, _SEQUENCES) else (right, left)
        if isinstance(times, int) and times > 0:
            _reserve(budget, sequence, len(sequence) * times)
    elif symbol == "+" and isinstance(left, _SEQUENCES) and isinstance(right, _SEQUENCES):
        _reserve(budget, left, len(left) + len(right))
    elif not (isinstance(left, Undefined) or isinstance(right, Undefined)):
        kinds = f"a {type(left).__name__} and a {type(right).__name__}"
        raise TemplateError(f"The operator {symbol} has no meaning for {kinds}")
    return _OPERATORS[symbol](left, right)


def _reserve(budget: Budget, kind: object, length: int) -> None:
    if isinstance(kind, str):
        budget.chars(length)
    else:
        budget.charge(length)


def _listed(values: Any) -> list[Any]:
    if isinstance(values, Mapping):
        return list(values.values())
    return list(values) if isinstance(values, tuple) else [values]


def _written_chars(value: Any) -> int:
    """Return a bound of a value's characters when it is written as Python writes it, with escapes."""
    if isinstance(value, str):
        return _ESCAPED_CHARS * len(value) + 2
    if isinstance(value, int):
        return value.bit_length() // 3 + 2
    if isinstance(value, Mapping):
        return 4 + sum(_written_chars(key) + _written_chars(item) + 4 for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return 4 + sum(_written_chars(item) + 2 for item in value)
    return _PLAIN_CHARS
