"""The documents of events in items: compressed if that is shorter, in parts if necessary.

A document may have 1 MB, but a DynamoDB item only 400 KB, so parts are items of their own. The document's
digest is in their keys, so that a copy of the event with other content replaces none of them, and they are
written before the record, so that a record always has all of its parts.
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256

from notifications.store import compression, keys
from notifications.store.items import Item

PLAIN_BYTES = 64 * 1024
"""Longer documents are compressed with a window of their own: JSON shrinks to a quarter or a fifth."""

LEVEL = 1
"""The level of compression. It compresses a megabyte of JSON to a fifth in 4 ms; level 6 to a sixth in 15 ms.
"""

PART_BYTES = 350_000
"""How many bytes of a compressed document one item holds."""


def attributes(document: str) -> Item:
    """Write a document as attributes of its event's record."""
    if _is_short(document):
        return compression.attributes("document", document)
    packed = _packed(document)
    if len(packed) <= PART_BYTES:
        return {"packed": {"B": b64encode(packed).decode()}}
    return {"parts": {"N": str(_count(packed))}, "digest": {"S": _digest(packed)}}


def parts(event_id: str, document: str, expires: int) -> list[Item]:
    """Make the items of a document's parts; most documents have none."""
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
    """Return the digest that names the parts of a record's document."""
    return str(item["digest"]["S"])


def read(item: Item, found: Sequence[Item] = ()) -> str | None:
    """Read the document of a record, with its parts in their order; None if the item has none."""
    packed = b"".join(b64decode(part["packed"]["B"]) for part in found or [item] if "packed" in part)
    return zlib.decompress(packed).decode() if packed else compression.text_of("document", item)


def _is_short(document: str) -> bool:
    # A character has at most four bytes, so only large documents must be encoded to know their size.
    return len(document) * 4 <= PLAIN_BYTES or len(document.encode()) <= PLAIN_BYTES


def _packed(document: str) -> bytes:
    return zlib.compress(document.encode(), LEVEL)


def _count(packed: bytes) -> int:
    return -(-len(packed) // PART_BYTES)


def _digest(packed: bytes) -> str:
    return sha256(packed).hexdigest()[:32]
