"""Take JSON apart, with the lines that its own reader does not tell."""

import json
import re
from collections.abc import Iterator
from typing import Any

from backendai_notification_cli.files.building import Part
from backendai_notification_cli.terminal import json_hints
from backendai_notification_cli.terminal.inputs import number

_TEXT = r'"(?:[^"\\]|\\.)*"'
_NEXT = re.compile(
    rf"[ \t\r\n,:]*(?:(?P<open>[{{\[])|(?P<end>[}}\]])|(?P<text>{_TEXT})|(?P<bare>[^,:{{}}\[\]\"\s]+))"
)
_BARE = {"true": True, "false": False, "null": None}


_SAID = (
    ("Expecting ',' delimiter", "a comma, or the bracket that closes, belongs here"),
    ("Expecting ':' delimiter", "a colon belongs here, between a name and its value"),
    ("Expecting property name", "a name in double quotes belongs here"),
    ("Expecting value", "a value belongs here"),
    ("Extra data", "it has ended before this"),
    ("Unterminated string", "the text that begins here is not closed"),
    ("Invalid control character", "a control character, which JSON writes as an escape, as in \\u0007"),
    ("Invalid", "no escape begins like this: a backslash itself is written \\\\"),
)
"""How JSON's own reader begins what it says, and what is said instead."""


class NotJson(Exception):
    """A text is not JSON. ``line``, ``column``: where it ceases to be; ``meant``: what would be right."""

    def __init__(self, line: int, column: int, message: str, meant: str | None) -> None:
        super().__init__(message)
        self.line, self.column, self.meant = line, column, meant


def require_json(text: str) -> None:
    """Refuse a text that is not JSON; what is only beyond a limit is told when it is taken apart.

    Raises:
        NotJson: with the place.
    """
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        at = error.pos
        said = next((said for begins, said in _SAID if error.msg.startswith(begins)), error.msg)
        if json_hints.is_surplus_comma(text, at):
            # Readers before Python 3.13 point at the bracket behind it.
            at, said = text.rindex(",", 0, at + 1), "nothing follows this comma"
        line = text.count("\n", 0, at) + 1
        raise NotJson(line, at - text.rfind("\n", 0, at), said, json_hints.meant(text, at)) from None
    except (ValueError, RecursionError):
        return


def is_json(text: str) -> bool:
    """Return whether a text is JSON, and so need not be read as YAML."""
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def json_parts(text: str) -> Iterator[Part]:
    """Yield the parts of a text that is JSON."""
    at, line = 0, 1
    while (found := _NEXT.match(text, at)) is not None:
        line += text.count("\n", at, found.end())
        at = found.end()
        if found["open"]:
            yield Part("object" if found["open"] == "{" else "list", line)
        elif found["end"]:
            yield Part("end", line)
        elif found["text"]:
            yield Part("value", line, json.loads(found["text"]))
        else:
            value, fault = _bare(found["bare"])
            yield Part("value", line, value, None, fault)


def _bare(text: str) -> tuple[Any, str | None]:
    if text in _BARE:
        return _BARE[text], None
    if text.lstrip("-") in {"NaN", "Infinity"}:
        return None, f"{text} is not a JSON value; as a text it must be in quotes"
    try:
        return number(text), None
    except ValueError as error:
        return None, str(error)
