"""Entries of the stream as Backend.AI packs them."""

from typing import Any

import msgpack


def packed(name: str, *arguments: Any) -> dict[bytes, bytes]:
    """Make a stream's entry of positional arguments."""
    return {b"name": name.encode(), b"source": b"i-manager01", b"args": msgpack.packb(list(arguments))}
