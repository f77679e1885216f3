"""What an UpdateExpression makes of an item, as far as units need it: which attributes there are, how large.

It knows what is written at the top of an item; of anything else it says so rather than count wrongly.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tests.proxy.throttle.capacity import Item

_CLAUSE = re.compile(r"\b(SET|REMOVE|ADD|DELETE)\b")
_PATH = r"[#\w]+"
_PLAIN = re.compile(rf"({_PATH}|:\w+)")
_DEFAULT = re.compile(rf"if_not_exists\s*\(\s*({_PATH})\s*,\s*(:\w+|{_PATH})\s*\)", re.IGNORECASE)

_NONE = {"N": "0"}
"""What is not there, to whatever is added to it."""


class UnknownExpressionError(Exception):
    """An expression that is not understood here, so that its units cannot be counted."""


def updated(request: Mapping[str, Any], old: Item | None) -> dict[str, Any]:
    """Return the item after an UpdateItem.

    Raises:
        UnknownExpressionError: it is not known what the expression does.
    """
    expression = request.get("UpdateExpression", "")
    change = _Change(request, {**(old or {}), **request["Key"]})
    parts = _CLAUSE.split(expression)
    if parts[0].strip():
        raise UnknownExpressionError(expression)
    for verb, clause in zip(parts[1::2], parts[2::2], strict=True):
        for action in _actions(clause):
            change.do(verb, action)
    return change.new


class _Change:
    def __init__(self, request: Mapping[str, Any], item: dict[str, Any]) -> None:
        self._names: Mapping[str, str] = request.get("ExpressionAttributeNames") or {}
        self._values: Mapping[str, Any] = request.get("ExpressionAttributeValues") or {}
        self._old = item
        self.new = dict(item)

    def do(self, verb: str, action: str) -> None:
        """Do one action of a clause."""
        if verb == "SET":
            path, _, operand = action.partition("=")
            self.new[self._name(path)] = self._value(operand)
        elif verb == "REMOVE":
            self.new.pop(self._name(action), None)
        elif verb == "ADD" and "N" in self._values.get(action.split()[1], {}):
            path, value = action.split()
            name = self._name(path)
            self.new[name] = _sum(self._old.get(name, _NONE), self._values[value], 1)
        else:
            raise UnknownExpressionError(f"{verb} {action}")

    def _value(self, text: str) -> Any:
        operand = text.strip()
        if _PLAIN.fullmatch(operand):
            if operand.startswith(":"):
                return self._values[operand]
            return self._old.get(self._name(operand), _NONE)  # without it the condition does not hold
        if default := _DEFAULT.fullmatch(operand):
            name = self._name(default[1])
            return self._old[name] if name in self._old else self._value(default[2])
        for sign in "+-":
            left, found, right = operand.partition(sign)
            if found:
                return _sum(self._value(left), self._value(right), int(f"{sign}1"))
        raise UnknownExpressionError(operand)

    def _name(self, path: str) -> str:
        plain = path.strip()
        if not re.fullmatch(_PATH, plain):
            raise UnknownExpressionError(path)
        return self._names[plain] if plain.startswith("#") else plain


def _actions(clause: str) -> Iterator[str]:
    """Part a clause at its commas, but for those between parentheses."""
    return (part.strip() for part in re.split(r",(?![^()]*\))", clause))


def _sum(left: Mapping[str, str], right: Mapping[str, str], sign: int) -> dict[str, str]:
    return {"N": str(Decimal(left["N"]) + sign * Decimal(right["N"]))}
