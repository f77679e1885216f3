"""Text as UTF-8 has it: JSON can spell half a character, which nothing else can carry."""

BOM = "\ufeff"

MAX_SHOWN_CHARS = 100
"""How much of a value, or of a name, an error repeats."""


def cut(text: str, most: int = MAX_SHOWN_CHARS) -> str:
    """Shorten a text that an error repeats to ``most`` characters, and mark the cut."""
    return text if len(text) <= most else f"{text[:most]}…"


def whole(text: str) -> str:
    """Return a text without halves of characters: two that belong together are joined, others are U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
