"""Turn the values of a clause into alternatives of an event pattern."""

import re
from typing import Any

from notifications.core import json_text
from notifications.core.conditions import wildcards
from notifications.core.conditions.scanning import STAR, Clause, Item

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
RANGE = ".."


def is_plain(text: str) -> bool:
    """Return whether a bare value is text, rather than a number, a range, or a word of JSON."""
    lower, dots, upper = text.partition(RANGE)
    is_range = bool(dots) and _is_number(lower) and _is_number(upper)
    return text not in _WORDS and not _is_number(text) and not is_range


def alternative(item: Item, clause: Clause) -> Any:
    """Make the alternative that a value after ``=`` means."""
    if item.stars:
        return _starred(item)
    if item.quoted or is_plain(item.text):
        return item.text
    if item.text in _WORDS:
        return _WORDS[item.text]
    lower, dots, upper = item.text.partition(RANGE)
    if not dots:
        return _read(item.text, clause)
    bounds = [_read(lower, clause), _read(upper, clause)]
    if bounds[0] >= bounds[1]:
        raise clause.wrong(
            f"no more than one number is from {lower} to {upper}; a range begins with the lower one"
        )
    return {"numeric": [">=", bounds[0], "<=", bounds[1]]}


def ignoring_case(item: Item, clause: Clause) -> Any:
    """Make the alternative that a value after ``~=`` means; it is always text."""
    match item.pieces:
        case _ if not item.stars:
            return {"equals-ignore-case": item.text}
        case [*texts, None] if STAR not in texts:
            return {"prefix": {"equals-ignore-case": "".join(map(str, texts))}}
        case [None, *texts] if STAR not in texts:
            return {"suffix": {"equals-ignore-case": "".join(map(str, texts))}}
        case _:
            raise clause.wrong("~= takes a star at the beginning or at the end of a value, not elsewhere")


def plain_text(item: Item, clause: Clause) -> str:
    """Return a value that has no stars."""
    if item.stars:
        raise clause.wrong("!~= takes no stars; write * within double quotes for the character")
    return item.text


def number(clause: Clause) -> float:
    """Return the one number of a comparison."""
    item, *others = clause.items
    if others or item.quoted or item.stars or not _is_number(item.text):
        raise clause.wrong(f"{clause.operator} takes one number, as in duration{clause.operator}60")
    return _read(item.text, clause)


def wildcard(item: Item) -> str:
    """Write a value as a wildcard."""
    return "".join("*" if piece is STAR else wildcards.escaped(piece) for piece in item.pieces)


def _starred(item: Item) -> dict[str, str]:
    match item.pieces:
        case [*texts, None] if STAR not in texts:
            return {"prefix": "".join(map(str, texts))}
        case [None, *texts] if STAR not in texts:
            return {"suffix": "".join(map(str, texts))}
        case _:
            return {"wildcard": wildcard(item)}


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _read(text: str, clause: Clause) -> float:
    try:
        number: float = json_text.read(text)
    except ValueError as error:
        raise clause.wrong(str(error)) from None
    return number
