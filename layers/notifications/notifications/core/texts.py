"""Text that UTF-8 can carry. JSON can spell a lone surrogate, which UTF-8 cannot."""

BOM = "\ufeff"

MAX_SHOWN_CHARS = 100
"""How much of a value or a name an error quotes."""


def cut(text: str, most: int = MAX_SHOWN_CHARS) -> str:
    """Shorten a text for an error to ``most`` characters, and mark the cut."""
    return text if len(text) <= most else f"{text[:most]}…"


def lowered(sentence: str) -> str:
    """Write a sentence as it goes on after a colon: without the capital letter that it begins with."""
    return sentence[:1].lower() + sentence[1:]


def counted(count: int, one: str, several: str) -> str:
    """Write a number before the words that go with it, such as ``1 rule`` and ``2 rules``."""
    return f"{count} {one if count == 1 else several}"


def whole(text: str) -> str:
    """Return a text without surrogates: a pair becomes its character, a lone one U+FFFD."""
    if text.isascii():  # most messages are; to encode them costs a copy
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
