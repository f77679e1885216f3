"""Turn decoded values into JSON that every reader accepts."""

import math
from typing import Any

from backendai_notification_bridge.core.errors import Undecodable

MAX_DEPTH = 32
"""How deep a body may be nested. Backend.AI's deepest is 6."""

MAX_KEY_CHARS = 256


def plain(value: Any, depth: int = 0) -> Any:
    """Turn decoded values into JSON: bytes into text, values that JSON lacks into None.

    Raises:
        Undecodable: it is nested deeper than ``MAX_DEPTH``.
    """
    if depth > MAX_DEPTH:
        raise Undecodable(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, dict):
        return {_key(key): plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, depth + 1) for inner in value]
    return _leaf(value)


def well_formed(text: str) -> str:
    """Replace lone surrogates, which JSON text can have but UTF-8 cannot."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _leaf(value: Any) -> Any:
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, bool | int) else None


def _key(key: Any) -> str:
    text = key.decode(errors="replace") if isinstance(key, bytes) else str(key)
    return well_formed(text)[:MAX_KEY_CHARS]
