"""Idempotency keys: whoever does not know whether an event was taken sends it again with the same key.

The key is the event's id, so what comes twice is a copy of one event, wherever it meets the other one: here,
on the bus, or at the dispatcher. A use of a key is noted before the event is put on the bus, and again after
that: if the first response was never given, the event may not be there, and is put again.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from notifications.core.values import value

KEPT = timedelta(hours=24)
"""How long the use of a key is known at least; after that, for as long as its event's record is kept."""


@value
class KeyUse:
    """What a key was used for. ``accepted``: the bus has the event."""

    key: str
    digest: str
    accepted: bool = False


def digest(rule_type: str, fields: Mapping[str, Any]) -> str:
    """Tell events apart by what they say, however it is spelled."""
    text = json.dumps([rule_type, fields], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
