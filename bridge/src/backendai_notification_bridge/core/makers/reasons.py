"""The reason of a session's end. From 26.1 on the entry about the end no longer has it."""

from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.fields import MAX_TEXT_CHARS
from backendai_notification_bridge.core.sessions import Session

SCHEDULERS_OWN = "triggered-by-scheduler"
"""The scheduler's reason for whatever it does."""

KEPT_SECONDS = 24 * 60 * 60
"""How long a session may take to end."""


def remember(entry: Entry, session_id: str) -> None:
    """Remember the reason that TERMINATING gives."""
    reason = _told(entry.received.body.get("reason"))
    if reason is not None:
        entry.memory.put(_key(session_id), reason[:MAX_TEXT_CHARS], KEPT_SECONDS)


def forget(entry: Entry, session_id: str) -> None:
    """Forget the reason, because the session runs again and will end for another one."""
    if entry.memory.get(_key(session_id)):
        entry.memory.put(_key(session_id), "", 1)


def of_end(entry: Entry, session: Session) -> str | None:
    """Find the reason in the event of the end, in TERMINATING before it, or in the API's ``status_info``."""
    return (
        _told(entry.received.body.get("reason"))
        or _told(entry.memory.get(_key(session.id)))
        or _told(session.status_info)
    )


def _told(reason: object) -> str | None:
    return reason if isinstance(reason, str) and reason not in ("", SCHEDULERS_OWN) else None


def _key(session_id: str) -> str:
    return f"reason:{session_id.lower()}"
