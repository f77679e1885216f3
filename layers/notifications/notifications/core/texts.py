"""Text as UTF-8 has it: JSON can spell half a character, which nothing else can carry."""

import json
from collections.abc import Mapping
from typing import Any

BOM = "\ufeff"


def whole(text: str) -> str:
    """Return a text without halves of characters: two that belong together are joined, others are U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def whole_fields(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an object that came as JSON without halves of characters in its keys and values."""
    text = json.dumps(fields, ensure_ascii=False)
    made = whole(text)
    return fields if made is text else json.loads(made)
