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
    (r"'", f"{_QUOTES}, not in single ones: {_EXAMPLE}"),
    ("[`\u2018-\u201f\u00ab\u00bb]", f'{_QUOTES}, the plain ", not in backticks or typographic ones'),
    (r"[\n\t]", r"Inside a text JSON writes a line break as \n and a tab as \t"),
    (
        r"[^\W\d]",
        f"{_QUOTES}; in a command the shell takes those away unless single ones stand around: {_EXAMPLE}",
    ),
)
_COMMA = "JSON has no comma after the last item: leave it out"


def hint(text: str, at: int, what: str) -> str | None:
    """Say what may be meant by a text with a fault at a place. ``what`` it is: "data" or "spec"."""
    if text.startswith("@") or os.path.isfile(text):  # noqa: PTH113 - Path.is_file fails for long texts
        return f"To read it from a file, give --{what}-file {text.removeprefix('@')}"
    if not text.strip():
        return "It is empty"
    if text[at : at + 1] in {"]", "}"} and text[:at].rstrip().endswith(","):
        return _COMMA
    return next((said for pattern, said in _HINTS if re.compile(pattern).match(text, at)), None)
