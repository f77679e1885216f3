"""Text from elsewhere, made safe for a terminal."""

# What moves the cursor, ends a line or turns the writing direction: C0, DEL, C1, the Unicode line ends, bidi.
_CONTROLS = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
)
_ESCAPES = {code: chr(code).encode("unicode_escape").decode() for code in _CONTROLS}
# JSON itself escapes C0 only; here it is escaped as JSON does, so that the value stays the same.
_JSON_ESCAPES = {code: f"\\u{code:04x}" for code in _CONTROLS if code > 0x20}  # noqa: PLR2004 - the end of C0


def visible(text: object) -> str:
    r"""Show control characters as Python writes them, `\n` and `\x1b`: one value stays on one line."""
    return str(text).translate(_ESCAPES)


def visible_json(text: str) -> str:
    """Escape the control characters that JSON leaves inside its strings."""
    return text.translate(_JSON_ESCAPES)
