"""Event ids: the same for each copy of an entry, in each bridge that makes an event of it.

The service accepts an id once within 24 hours, so neither a second bridge, nor the stream's retries, nor a
catch-up can duplicate an event.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from backendai_notification_bridge.core.received import ReceivedEntry
from backendai_notification_bridge.core.times import written


def of(*parts: Any) -> str:
    """Make an id, 64 hexadecimal digits, of JSON values."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def of_body(received: ReceivedEntry) -> str:
    """Make the id of an entry's content, in whatever form it came."""
    return of(received.name, received.source, received.body)


def of_entry(received: ReceivedEntry) -> str:
    """Make the id of an entry that may come again with the same body, so its time is part of the id."""
    return of(received.name, received.source, received.body, written(received.came))


def of_start(session_id: str, started_at: datetime | None) -> str:
    """Make the id of one start of a session. A session that is rescheduled starts again, at another time."""
    return of("session.started", session_id.lower(), written(started_at) if started_at else None)


def of_end(session_id: str) -> str:
    """Make the id of a session's end, of which there is only one."""
    return of("session.terminated", session_id.lower())
