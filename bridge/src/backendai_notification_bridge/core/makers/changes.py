"""A session's start and end, in whichever way a release reports them.

``scheduling`` (from 25.15 on) reports each change of status; ``session_started`` and ``session_terminated``
came from the scheduler before. For both, the manager must be asked for the session's name, type and cluster
mode.
"""

from collections.abc import Mapping
from typing import Any

from backendai_notification_bridge.core import identity
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers import batch, idle, reasons, starts
from backendai_notification_bridge.core.makers.about import about
from backendai_notification_bridge.core.makers.lookup import needed, optional, session_id_of
from backendai_notification_bridge.core.makers.once import NOISE, REPEAT, once, seen

RUNNING = "RUNNING"
TERMINATED = "TERMINATED"
TERMINATING = "TERMINATING"
ASKING = frozenset({RUNNING, TERMINATED})
"""The changes for which the manager is asked."""


def status_of(body: Mapping[str, Any]) -> str:
    """Return the new status of a session; as in Backend.AI itself, its case does not matter."""
    status = body.get("status_transition")
    return status.upper() if isinstance(status, str) else ""


def scheduling(entry: Entry) -> Made:
    """Make the event of a change of status; most changes make none."""
    session_id = session_id_of(entry.received.body)
    status = status_of(entry.received.body)
    if status == RUNNING:
        return started(entry)
    if status == TERMINATED:
        return terminated(entry)
    if status == TERMINATING:
        return _terminating(entry, session_id)
    return Made((), NOISE)


def started(entry: Entry) -> Made:
    """Make ``session.started``, once for each time at which the session began to run."""
    session_id = session_id_of(entry.received.body)
    made = starts.of_session(entry, session_id, needed(entry, session_id))
    reasons.forget(entry, session_id)
    return made


def terminated(entry: Entry) -> Made:
    """Make ``session.terminated``, once for a session."""
    session_id = session_id_of(entry.received.body)
    event_id = identity.of_end(session_id)
    if seen(entry, event_id):  # spares asking the manager again
        return Made((), REPEAT)
    session = batch.with_exit_code(entry, needed(entry, session_id))
    data = {**about(entry, session_id, session, ended=True), "status": TERMINATED}
    reason = reasons.of_end(entry, session)
    if reason is not None:
        data["termination_reason"] = reason
    at = session.terminated_at or entry.received.came
    made = once(entry, "session.terminated", data, event_id, at)
    return Made(starts.missed(entry, session_id, session) + made.events, made.dropped)


def _terminating(entry: Entry, session_id: str) -> Made:
    """Remember the reason. The change itself makes an event only if the session is reclaimed as idle."""
    session = optional(entry, session_id) if starts.may_be_missed(entry, session_id) else None
    made = idle.reclaimed(entry)
    reasons.remember(entry, session_id)
    start = starts.missed(entry, session_id, session) if session else ()
    return Made(start + made.events, None if start else made.dropped)
