"""Text as UTF-8 has it: JSON can spell half a character, which nothing else can carry."""

BOM = "\ufeff"


def whole(text: str) -> str:
    """Return a text without halves of characters: two that belong together are joined, others are U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
