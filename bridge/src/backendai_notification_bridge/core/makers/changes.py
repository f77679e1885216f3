"""A session's start and end, from whichever way a release tells them.

``scheduling`` (25.15 on) tells each change of status; ``session_started`` and ``session_terminated``
came from the scheduler before it. Both need the manager for the session's name, type and cluster mode.
"""

from backendai_notification_bridge.core import identity
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers import batch, idle, reasons
from backendai_notification_bridge.core.makers.about import about
from backendai_notification_bridge.core.makers.lookup import needed, session_id_of
from backendai_notification_bridge.core.makers.once import NOISE, REPEAT, once, seen

RUNNING = "RUNNING"
TERMINATED = "TERMINATED"
TERMINATING = "TERMINATING"
ASKING = frozenset({RUNNING, TERMINATED})
"""The changes for which the manager is asked."""


def scheduling(entry: Entry) -> Made:
    """Make what a change of status makes: most make nothing."""
    session_id = session_id_of(entry.heard.body)
    status = entry.heard.body.get("status_transition")
    if status == RUNNING:
        return started(entry)
    if status == TERMINATED:
        return terminated(entry)
    if status == TERMINATING:
        made = idle.reclaimed(entry)
        reasons.remember(entry, session_id)
        return made
    return Made((), NOISE)


def started(entry: Entry) -> Made:
    """Make ``session.started``, once for each moment at which the session began to run."""
    session_id = session_id_of(entry.heard.body)
    session = needed(entry, session_id)
    at = session.started_at or entry.heard.came
    event_id = identity.of_start(session_id, session.started_at)
    data = {**about(entry, session_id, session), "status": RUNNING}  # the session itself may be further on
    return once(entry, "session.started", data, event_id, at)


def terminated(entry: Entry) -> Made:
    """Make ``session.terminated``, once for a session."""
    session_id = session_id_of(entry.heard.body)
    event_id = identity.of_end(session_id)
    if seen(entry, event_id):  # no need to ask the manager again
        return Made((), REPEAT)
    session = batch.with_exit_code(entry, needed(entry, session_id))
    data = {**about(entry, session_id, session, ended=True), "status": TERMINATED}
    reason = reasons.of_end(entry, session)
    if reason is not None:
        data["termination_reason"] = reason
    return once(entry, "session.terminated", data, event_id, session.terminated_at or entry.heard.came)
