"""Text in items, deflated if that is shorter: a write unit is 1 KB, and most records then need only one.

A text of 1 KB consists mostly of names that every record has. These are in a dictionary that writer and
reader share: with it a typical event has 268 bytes instead of 400, and a delivery 539 instead of 766. A small
compressor takes 8 µs; one of the default size takes 40, mostly to allocate its memory.
"""

import zlib
from base64 import b64decode, b64encode
from typing import Any

from notifications.store.items import Item

_SHORT = 100
"""The number of characters below which deflating saves nothing."""

_LONG = 64 * 1024
"""The size in bytes from which the fastest level is used: level 6 takes 15 ms per megabyte, level 1 takes 4.
"""

_RAW = -15
"""A stream without a header, with the largest window, which also reads streams with smaller ones."""

_SMALL_RAW = -12
_SMALL = 2 * 1024
"""Up to this many bytes, the text and the dictionary fit into a window of 4 KB, so the result is the same.
The compressor then needs 30 KB instead of 160, which malloc gives back to the system and gets again: 8 µs
instead of 11 to 21, depending on what else the process has allocated.
"""

_MEMORY_LEVEL = 5
"""Half the default: setting up a compressor of the default size takes 30 µs."""

_DICTIONARY = (
    b'"version":"0","id":"","account":"","region":"","resources":[],"source":"backend.ai.manager",'
    b'"detail-type":"session.terminated","time":"2026-01-01T00:00:00Z","detail":{"session_id":"",'
    b'"session_name":"","session_type":"batch","cluster_mode":"single-node","status":"RUNNING",'
    b'"reason":"user-requested","user_email":"","project":"","domain":"default","image":"'
    b'{"message":"{\\"text\\": \\"","subject":"","recipients":{"","settled":["","attempts":[{"at":"2026-'
    b'Z","seconds":0.0,"status":200,"error_class":null,"error":null,"method":"POST","url":"https://'
    b'/***","headers":{"Authorization":"***","User-Agent":"backend.ai-notification/0.1.0",'
    b'"Content-Type":"application/json","webhook-id":"","webhook-timestamp":"179'
    b'","webhook-signature":"***"},"response":"ok","response_cut":false,"recipients":{}}]}'
)
"""Never change it: stored items were deflated with it. Another dictionary needs another attribute."""

DEFLATED = "zip"
"""The attribute of a deflated text. The name is short, because nearly every record has it."""


def attributes(name: str, text: str) -> Item:
    """Make the attribute ``name`` with a text, or the attribute DEFLATED if that is shorter."""
    if len(text) < _SHORT:
        return {name: {"S": text}}
    encoded = text.encode()
    level = 6 if len(encoded) < _LONG else 1
    window = _SMALL_RAW if len(encoded) <= _SMALL else _RAW
    deflate = zlib.compressobj(
        level, zlib.DEFLATED, window, _MEMORY_LEVEL, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY
    )
    packed = deflate.compress(encoded) + deflate.flush()
    if len(packed) >= len(encoded):
        return {name: {"S": text}}
    return {DEFLATED: {"B": b64encode(packed).decode()}}


def text_of(name: str, item: Item) -> str | None:
    """Return the text of the attribute that ``attributes`` made; None if the item has none."""
    value: Any = item.get(name)
    if value is not None:
        return str(value["S"])
    deflated: Any = item.get(DEFLATED)
    if deflated is None:
        return None
    inflate = zlib.decompressobj(_RAW, _DICTIONARY)
    return (inflate.decompress(b64decode(deflated["B"])) + inflate.flush()).decode()
