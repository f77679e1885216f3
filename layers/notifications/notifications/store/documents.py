"""The documents of events in items: short ones as they are, long ones compressed, and in parts if need be.

A document may have 1 MB, an item of DynamoDB 400 KB. The parts are items of their own beside the event's
record. They are named by the document's digest and written before the record is: so a record has all of its
parts, and a copy that says something else replaces none of them.
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256

from notifications.store import keys
from notifications.store.items import Item

PLAIN_BYTES = 64 * 1024
"""What is longer is compressed: that makes a fifth to a quarter of a JSON text."""

LEVEL = 1
"""Of a megabyte of JSON it makes a fifth in 4 ms; level 6 makes a sixth, in 15 ms."""

PART_BYTES = 350_000
"""How much of a compressed document one item has."""


def attributes(document: str) -> Item:
    """Write a document as attributes of its event's record."""
    if _is_short(document):
        return {"document": {"S": document}}
    packed = _packed(document)
    if len(packed) <= PART_BYTES:
        return {"packed": {"B": b64encode(packed).decode()}}
    return {"parts": {"N": str(_count(packed))}, "digest": {"S": _digest(packed)}}


def parts(event_id: str, document: str, expires: int) -> list[Item]:
    """Write what of a document has items of its own: mostly nothing."""
    if _is_short(document) or len(packed := _packed(document)) <= PART_BYTES:
        return []
    return [
        {
            **keys.document_part(event_id, _digest(packed), number),
            "packed": {"B": b64encode(packed[number * PART_BYTES : (number + 1) * PART_BYTES]).decode()},
            "expires": {"N": str(expires)},
        }
        for number in range(_count(packed))
    ]


def is_parted(item: Item) -> bool:
    """Return whether a record's document is in items of its own."""
    return "parts" in item


def digest_of(item: Item) -> str:
    """Return by which name the parts of a record's document are kept."""
    return str(item["digest"]["S"])


def read(item: Item, found: Sequence[Item] = ()) -> str:
    """Read the document of a record, with its parts in their order; empty if the item has none."""
    if "document" in item:
        return str(item["document"]["S"])
    packed = b"".join(b64decode(part["packed"]["B"]) for part in found or [item] if "packed" in part)
    return zlib.decompress(packed).decode() if packed else ""


def _is_short(document: str) -> bool:
    # A character has four bytes at most: few documents must be encoded to know.
    return len(document) * 4 <= PLAIN_BYTES or len(document.encode()) <= PLAIN_BYTES


def _packed(document: str) -> bytes:
    return zlib.compress(document.encode(), LEVEL)


def _count(packed: bytes) -> int:
    return -(-len(packed) // PART_BYTES)


def _digest(packed: bytes) -> str:
    return sha256(packed).hexdigest()[:32]
