"""The fields that describe a session in its events."""

from typing import Any

from backendai_notification_bridge.core.context import context_of
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.sessions import Session

_ONLY_AT_THE_END = frozenset({"duration_seconds", "exit_code"})


def about(entry: Entry, session_id: str, session: Session | None, *, ended: bool = False) -> dict[str, Any]:
    """Describe a session as far as it is known. ``ended``: whether the event is its end."""
    data: dict[str, Any] = {"session_id": session_id}
    if session is None:
        return data
    described = {
        "session_name": session.name,
        "session_type": session.type,
        "cluster_mode": session.cluster_mode,
        "context": context_of(
            session, entry.options.context_fields - (frozenset() if ended else _ONLY_AT_THE_END)
        ),
    }
    return data | {name: value for name, value in described.items() if value is not None}
