"""The end of a batch session's command."""

from dataclasses import replace

from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.fields import is_integer
from backendai_notification_bridge.core.makers.about import about
from backendai_notification_bridge.core.makers.lookup import optional, session_id_of
from backendai_notification_bridge.core.makers.once import once_each
from backendai_notification_bridge.core.sessions import Session

KEPT_SECONDS = 24 * 60 * 60
"""How long a session may last after its command's end."""

_TYPES = {"session_success": "session.succeeded", "session_failure": "session.failed"}


def ended(entry: Entry) -> Made:
    """Make ``session.succeeded`` or ``session.failed``."""
    body = entry.received.body
    session_id = session_id_of(body)
    exit_code = body.get("exit_code")
    session = optional(entry, session_id)
    if session is not None:  # the session may run on; only its command has ended
        known = exit_code if is_integer(exit_code) else None
        session = replace(session, exit_code=known, terminated_at=entry.received.came)
    data = about(entry, session_id, session, ended=True)
    data |= {"reason": body.get("reason"), "exit_code": exit_code}
    made = once_each(entry, _TYPES[entry.received.name], data)
    if is_integer(exit_code):
        entry.memory.put(_key(session_id), str(exit_code), KEPT_SECONDS)
    return made


def with_exit_code(entry: Entry, session: Session) -> Session:
    """Add the exit code from the entry about the command's end, if the manager has none."""
    told = entry.memory.get(_key(session.id))
    if session.exit_code is not None or told is None:
        return session
    return replace(session, exit_code=int(told))


def _key(session_id: str) -> str:
    return f"exit:{session_id.lower()}"
