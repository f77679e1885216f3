"""Take JSON apart, with the lines that its own reader does not tell."""

import json
import re
from collections.abc import Iterator
from typing import Any

from backendai_notification_cli.files.building import Part
from backendai_notification_cli.terminal.inputs import number

_TEXT = r'"(?:[^"\\]|\\.)*"'
_NEXT = re.compile(
    rf"[ \t\r\n,:]*(?:(?P<open>[{{\[])|(?P<end>[}}\]])|(?P<text>{_TEXT})|(?P<bare>[^,:{{}}\[\]\"\s]+))"
)
_BARE = {"true": True, "false": False, "null": None}


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
