"""What people usually mean by a text that is not JSON."""

import os
import re

_QUOTES = "In JSON names and texts stand in double quotes"
_EXAMPLE = '\'{"key": "value"}\''

# What stands at the fault, and what to do about it. The first that fits is told.
_HINTS = (
    (r"\s*\Z", "It ends too early: a bracket is not closed"),
    (r"//|/\*|#", "JSON has no comments: leave them out"),
    (r"True\b|False\b", "In JSON it is written true or false"),
    (r"(None|undefined|nil)\b", "In JSON it is written null"),
    (r"'", f"{_QUOTES}, not in single ones"),
    ("[`\u2018-\u201f\u00ab\u00bb]", f'{_QUOTES}, the plain ", not in backticks or typographic ones'),
    (r"[\n\t]", r"Inside a text JSON writes a line break as \n and a tab as \t"),
    (r"[^\W\d]", _QUOTES),
)
_IN_A_COMMAND = {
    f"{_QUOTES}, not in single ones": f": {_EXAMPLE}",
    _QUOTES: f"; in a command the shell takes those away unless single ones stand around: {_EXAMPLE}",
}
"""What is added for texts that are given in a command."""

_COMMA = "JSON has no comma after the last item: leave it out"


def hint(text: str, at: int, what: str) -> str | None:
    """Say what may be meant by a text with a fault at a place. ``what`` it is: "data" or "spec"."""
    if text.startswith("@") or os.path.isfile(text):  # noqa: PTH113 - Path.is_file fails for long texts
        return f"To read it from a file, give --{what}-file {text.removeprefix('@')}"
    if not text.strip():
        return "It is empty"
    said = meant(text, at)
    return said and said + _IN_A_COMMAND.get(said, "")


def meant(text: str, at: int) -> str | None:
    """Say what is meant by what stands at a place where JSON cannot have it."""
    if is_surplus_comma(text, at):
        return _COMMA
    return next((said for pattern, said in _HINTS if re.compile(pattern).match(text, at)), None)


def is_surplus_comma(text: str, at: int) -> bool:
    """Return whether a comma has no item behind it. ``at``: the comma, or the bracket that closes."""
    return bool(re.compile(r",?\s*[\]}]").match(text, at)) and "," in {text[at], text[:at].rstrip()[-1:]}
