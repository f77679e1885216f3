"""Make one event of something that is reported more than once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backendai_notification_bridge.core import identity
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Event, Made
from backendai_notification_bridge.core.fields import fit

REPEAT = "repeat"
STORM = "storm"
NOISE = "noise"

SEEN_SECONDS = 24 * 60 * 60
"""How long an event's id is remembered: at least as long as the service drops copies."""

RETRIED_SECONDS = 60 * 60
"""How long a body is remembered: Backend.AI repeats an entry up to 4 times, each after 5 minutes."""

STORM_SECONDS = 10 * 60
"""Repeated reports within this time make one event."""


def seen(entry: Entry, event_id: str) -> bool:
    """Return whether an event was made before."""
    return entry.memory.get(_seen_key(event_id)) is not None


def once(entry: Entry, detail_type: str, data: Mapping[str, Any], event_id: str, at: datetime) -> Made:
    """Make an event, unless it was made before.

    Raises:
        Refused: the data does not fit the type.
    """
    if seen(entry, event_id):
        return Made((), REPEAT)
    event = Event(detail_type, fit(detail_type, data), event_id, at)
    entry.memory.put(_seen_key(event_id), "", SEEN_SECONDS)
    return Made((event,))


def once_each(entry: Entry, detail_type: str, data: Mapping[str, Any]) -> Made:
    """Make an event of an entry that may rightly come again, but not of one that Backend.AI put there again.

    Raises:
        Refused: the data does not fit the type.
    """
    key = f"body:{identity.of_body(entry.received)}"
    if entry.received.retried and entry.memory.get(key) is not None:
        return Made((), REPEAT)
    made = once(entry, detail_type, data, identity.of_entry(entry.received), entry.received.came)
    entry.memory.put(key, "", RETRIED_SECONDS)
    return made


def _seen_key(event_id: str) -> str:
    return f"seen:{event_id}"
