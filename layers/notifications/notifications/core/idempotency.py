"""Idempotency keys: a client that does not know the fate of an event sends it again with the same key.

The key is the event's id, so a second copy is recognised wherever it meets the first one: here, on the
bus, or at the dispatcher. The use of a key is recorded before the event is put on the bus, and marked as
accepted afterwards. Without the mark the event may not be on the bus, so a repeated request puts it there
again.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from notifications.core.values import value

KEPT = timedelta(hours=24)
"""The least time for which a key is remembered; the event's record may last longer."""


@value
class KeyUse:
    """The use of a key. ``digest``: that of its event. ``accepted``: whether the event is on the bus."""

    key: str
    digest: str
    accepted: bool = False


def digest(rule_type: str, fields: Mapping[str, Any]) -> str:
    """Return a digest that is equal for events with equal type and fields, however these are ordered."""
    text = json.dumps([rule_type, fields], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
