"""All text of DynamoDB's items, also what is kept deflated: a secret must not hide in there."""

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from notifications.store import compression


def text(items: Iterable[Mapping[str, Any]]) -> str:
    """Write items as one text; ``items``: as boto3 gives them."""
    return "\n".join(_text(item) for item in items)


def _text(item: Mapping[str, Any]) -> str:
    parts = [json.dumps(item, default=_latin)]
    if compression.DEFLATED in item:
        deflated = {"B": b64encode(bytes(item[compression.DEFLATED]["B"])).decode()}
        parts.append(compression.text_of("", {compression.DEFLATED: deflated}) or "")
    if "packed" in item:
        # A part of a document is no whole stream: what of it can be inflated is.
        parts.append(zlib.decompressobj().decompress(bytes(item["packed"]["B"])).decode(errors="replace"))
    return "\n".join(parts)


def _latin(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes) else str(value)
