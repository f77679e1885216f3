"""Texts in errors, and texts without lone surrogates, which JSON can spell but UTF-8 cannot."""

BOM = "\ufeff"

MAX_SHOWN_CHARS = 100
"""How much of a value or a name an error quotes."""


def cut(text: str, most: int = MAX_SHOWN_CHARS) -> str:
    """Shorten a text for an error to ``most`` characters, and mark the cut."""
    return text if len(text) <= most else f"{text[:most]}…"


def lowered(sentence: str) -> str:
    """Write a sentence for use after a colon: without its capital letter."""
    return sentence[:1].lower() + sentence[1:]


def counted(count: int, one: str, several: str) -> str:
    """Write a number with its noun, like ``1 rule`` and ``2 rules``."""
    return f"{count} {one if count == 1 else several}"


def whole(text: str) -> str:
    """Return a text without surrogates: a pair becomes its character, a lone one U+FFFD."""
    if text.isascii():  # most messages are, and encoding would copy them
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
