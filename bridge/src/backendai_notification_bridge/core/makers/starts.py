"""A session's start, as a notification or a change of status reports it, or only what came after it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from backendai_notification_bridge.core import identity, times
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Event, Made
from backendai_notification_bridge.core.makers.about import about
from backendai_notification_bridge.core.makers.once import REPEAT, SEEN_SECONDS, once
from backendai_notification_bridge.core.sessions import Session

STARTED = "session.started"
RUNNING = "RUNNING"

SAME_START = timedelta(seconds=60)
"""How far apart two reports of one start may be, if the manager's time is not known for both."""

MISSED_START = timedelta(seconds=300)
"""How long Backend.AI keeps a session's last change under a key, and so the greatest age of a start that the
key hides."""

_INEXACT = "~"


def started(
    entry: Entry, session_id: str, data: Mapping[str, Any], started_at: datetime | None, at: datetime
) -> Made:
    """Make ``session.started``. ``started_at``: by the manager, if known. ``at``: when it was reported."""
    began = started_at or at
    if _is_same_start(entry, session_id, began, exact=started_at is not None):
        return Made((), REPEAT)
    made = once(entry, STARTED, data, identity.of_start(session_id, started_at), at)
    if made.events:
        mark = "" if started_at else _INEXACT
        entry.memory.put(_key(session_id), mark + times.written(began), SEEN_SECONDS)
    return made


def of_session(entry: Entry, session_id: str, session: Session) -> Made:
    """Make ``session.started`` from the manager's data."""
    at = session.started_at or entry.received.came
    # The status is that of the start, though the session may be past it by now.
    data = {**about(entry, session_id, session), "status": RUNNING}
    return started(entry, session_id, data, session.started_at, at)


def may_be_missed(entry: Entry, session_id: str) -> bool:
    """Return whether a cache key, which holds only the last change, may hide a start that was not read."""
    return entry.received.via == "key" and entry.memory.get(_key(session_id)) is None


def missed(entry: Entry, session_id: str, session: Session) -> tuple[Event, ...]:
    """Make the start that a cache key hides, if it is recent."""
    at = session.started_at
    if at is None or not may_be_missed(entry, session_id) or entry.received.came - at > MISSED_START:
        return ()
    return of_session(entry, session_id, session).events


def _is_same_start(entry: Entry, session_id: str, at: datetime, *, exact: bool) -> bool:
    """Return whether this is the last start. If both times are exact, the ids decide instead."""
    told = entry.memory.get(_key(session_id)) or ""
    last = times.read(told.removeprefix(_INEXACT))
    if last is None or (exact and not told.startswith(_INEXACT)):
        return False
    return abs(last - at) <= SAME_START


def _key(session_id: str) -> str:
    return f"start:{session_id}"
