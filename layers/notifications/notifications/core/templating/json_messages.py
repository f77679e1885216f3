"""JSON messages: whether a place in them is inside a string, and whether they are JSON."""

import json
import re

from notifications.core.errors import NotJson
from notifications.core.templating.budget import INSIDE, OUTSIDE

ESCAPING = 3
"""Inside a string, right after a backslash: no value can be written there."""

MAX_EXCERPT_CHARS = 20
"""How much of an invalid message is quoted, beginning at the invalid place."""

_FAULTS = {
    "Extra data": "there is more after the end",
    "Expecting value": "this is no JSON value",
    "Expecting ','": "a comma is missing, or a bracket",
    "Expecting ':'": "a colon is missing",
    "Expecting property name": "a name in double quotes is missing",
    "Invalid control character": "a line break or another control character stands in a string",
}
"""Python's messages about text that is not JSON, and their meaning for the author of a template."""

_SPECIAL = re.compile(r'["\\]')


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


_decode = json.JSONDecoder(parse_constant=_not_json).decode


def scan(text: str, state: int) -> int:
    """Return where a piece of JSON text ends: OUTSIDE a string, INSIDE one, or ESCAPING in one."""
    at = 0
    if state == ESCAPING and text:
        at, state = 1, INSIDE
    while found := _SPECIAL.search(text, at):
        at = found.end()
        if found.group() == '"':
            state = OUTSIDE if state == INSIDE else INSIDE
        elif state == INSIDE:
            if at == len(text):
                return ESCAPING
            at += 1
    return state


def check_json(message: str) -> None:
    """Refuse a message that is not JSON.

    Raises:
        NotJson: it is not; the error has the line, the column and the fault.
    """
    try:
        _decode(message)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise NotJson(f"The message is not JSON: {place}: {_fault(message, error)}") from None
    except RecursionError:
        raise NotJson("The message is not JSON: it is nested too deeply") from None
    except ValueError as error:  # NaN, or a number of thousands of digits
        raise NotJson(f"The message is not JSON: {error}") from None


def is_json(message: str) -> bool:
    """Return whether a message is JSON."""
    try:
        check_json(message)
    except NotJson:
        return False
    return True


def _fault(message: str, error: json.JSONDecodeError) -> str:
    """Say what is wrong in the author's terms, and quote the place."""
    there = message[error.pos : error.pos + MAX_EXCERPT_CHARS]
    comma = message[: error.pos + 1].rstrip().endswith(",") or message[: error.pos].rstrip().endswith(",")
    if not there.strip():
        return "the message ends where more is expected"
    if comma and there.lstrip(", \t\r\n")[:1] in {"}", "]"}:
        return f"there is a comma with nothing after it, at {there!r}"
    fault = next((why for said, why in _FAULTS.items() if error.msg.startswith(said)), error.msg)
    return f"{fault}, at {there!r}"
