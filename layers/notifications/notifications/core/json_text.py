"""Strict JSON (RFC 8259), with numbers that fit a double, so that every other reader accepts it too."""

import json
import math
from typing import Any

from notifications.core.texts import cut

MAX_SHOWN_DIGITS = 20
"""How many digits of a number an error quotes."""

_DIGITS_OF_A_DOUBLE = 308
"""An integer with no more digits than this is within a double's range."""


class UnusableNumber(ValueError):
    """A number that other JSON readers refuse or read as infinite."""


def _decimal(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise UnusableNumber(f"the number {cut(text, MAX_SHOWN_DIGITS)} is beyond the range of a double")
    return value


def _integer(text: str) -> int:
    if len(text) > _DIGITS_OF_A_DOUBLE and math.isinf(float(text)):
        raise UnusableNumber(f"the number {cut(text, MAX_SHOWN_DIGITS)} is beyond the range of a double")
    return int(text)


def _constant(name: str) -> None:
    raise UnusableNumber(f"{name} is not a JSON number")


_decode = json.JSONDecoder(parse_float=_decimal, parse_int=_integer, parse_constant=_constant).decode


def read(text: str) -> Any:
    """Parse JSON text.

    Raises:
        UnusableNumber: it has NaN, Infinity, or a number beyond a double.
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    return _decode(text)


def compact(value: Any) -> str:
    """Write a value as compact JSON, the form in which sizes are counted.

    Raises:
        RecursionError: it is nested too deeply.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
