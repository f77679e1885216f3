"""Positional arguments in MessagePack, as Backend.AI wrote them until 26.8."""

from typing import Any
from uuid import UUID

import msgpack

from backendai_notification_bridge.core.errors import Undecodable
from backendai_notification_bridge.core.pickled import last_text
from backendai_notification_bridge.core.plain import MAX_DEPTH

MAX_ITEMS = 4096
"""How many items a list or a map may claim. msgpack allocates what is claimed before it is read, so a short
message with nested claims could take all memory."""

EXT_UUID = 1
EXT_ENUM = 6


def unpack(data: bytes) -> list[Any]:
    """Unpack the arguments. Of extension types, UUIDs and enums are read; others become None.

    Raises:
        Undecodable: it is cut, malformed, nested too deeply, or no list.
    """
    try:
        arguments = msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=False,
            unicode_errors="replace",
            max_array_len=MAX_ITEMS,
            max_map_len=MAX_ITEMS,
        )
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Undecodable(f"args: {_told(error)}") from error
    if not isinstance(arguments, list):
        raise Undecodable("args: no list")
    return [_read(argument, 0) for argument in arguments]


def _read(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise Undecodable(f"args: nested deeper than {MAX_DEPTH}")
    if isinstance(value, msgpack.ExtType):
        return _extension(value.code, value.data)
    if isinstance(value, list):
        return [_read(inner, depth + 1) for inner in value]
    if isinstance(value, dict):
        return {key: _read(inner, depth + 1) for key, inner in value.items()}
    return value


def _extension(code: int, data: bytes) -> str | None:
    if code == EXT_UUID and len(data) == len(UUID(int=0).bytes):
        return str(UUID(bytes=data))
    if code == EXT_ENUM:
        return last_text(data)
    return None


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:100]}"
