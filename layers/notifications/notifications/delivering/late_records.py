"""Results that DynamoDB did not take in time: the delivery queue keeps them until they are written.

A message cannot be unsent. If the result of the attempt were lost, the message would be sent again.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from notifications.core.pauses import doubled
from notifications.core.records import DeliveryRecord
from notifications.store.record_items import delivery_from, delivery_text

FIRST_DELAY_SECONDS = 15
LAST_DELAY_SECONDS = 300
"""The pause before a record is written again doubles each time, up to this."""

MAX_TRIES = 300
"""After these, about a day, the message is left to the queue, which gives it up in the end."""

MAX_ITEM_BYTES = 1024 * 1024
"""More than any record has: a message that unpacks to more was not written by this service."""


def kept(record: DeliveryRecord, tries: int = 0) -> dict[str, Any]:
    """Make the message that carries a record. ``tries``: how many writes of it have failed."""
    text = delivery_text(record, 0, 1).encode()
    return {"record": b64encode(zlib.compress(text)).decode(), "tries": tries}


def read(message: Mapping[str, Any]) -> tuple[DeliveryRecord, int]:
    """Read such a message: the record, and how many writes of it have failed.

    Raises:
        LookupError, TypeError, ValueError, RecursionError, zlib.error: this service did not write it.
    """
    text = zlib.decompressobj().decompress(b64decode(message["record"]), MAX_ITEM_BYTES)
    return delivery_from(json.loads(text)), int(message["tries"])


def delay(tries: int) -> float:
    """Return in how many seconds a record is to be written again."""
    return doubled(FIRST_DELAY_SECONDS, LAST_DELAY_SECONDS, tries)
