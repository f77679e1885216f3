"""Text from elsewhere, made safe for a terminal."""

import re

# What moves the cursor, ends a line or turns the writing direction: C0, DEL, C1, the Unicode line ends, bidi.
_CONTROLS = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x061C,
    *range(0x200E, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
)
_HALVES = dict.fromkeys(
    range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"
)  # of characters: no terminal has them
_ESCAPES = {code: chr(code).encode("unicode_escape").decode() for code in _CONTROLS} | _HALVES
_TEXT_ESCAPES = {code: shown for code, shown in _ESCAPES.items() if chr(code) not in "\n\t"}
# JSON itself escapes C0 only; here it is escaped as JSON does, so that the value stays the same.
_JSON_ESCAPES = {code: f"\\u{code:04x}" for code in _CONTROLS if code > 0x20} | _HALVES  # noqa: PLR2004 - the end of C0


MAX_WORD_CHARS = 200
"""Of a word in an error: longer ones are names or values that were given by mistake."""

MAX_LINE_CHARS = 4_000
_LONG_WORD = re.compile(rf"(\S{{{MAX_WORD_CHARS}}})\S+")
_LONG_LINE = re.compile(rf"(.{{{MAX_LINE_CHARS}}}).+")


def shortened(text: str) -> str:
    """Leave out of an error the rest of what is too long to be read."""
    return _LONG_LINE.sub(r"\1…", _LONG_WORD.sub(r"\1…", text))


def visible(text: object) -> str:
    r"""Show control characters as Python writes them, `\n` and `\x1b`: one value stays on one line."""
    return str(text).translate(_ESCAPES)


def visible_json(text: str) -> str:
    """Escape the control characters that JSON leaves inside its strings."""
    return text.translate(_JSON_ESCAPES)


def visible_text(text: str) -> str:
    """Show control characters of a text that has lines of its own."""
    return text.translate(_TEXT_ESCAPES)
