"""The ``context`` of a session event: its owner and resources, which rules and people need, too."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from backendai_notification_bridge.core.sessions import Session
from backendai_notification_bridge.core.times import written


def _time(at: datetime | None) -> str | None:
    return written(at) if at else None


def _duration(session: Session) -> int | None:
    """Count whole seconds from start to end; a session that never ran has none."""
    if session.started_at is None or session.terminated_at is None:
        return None
    seconds = int((session.terminated_at - session.started_at).total_seconds())
    return seconds if seconds >= 0 else None


def _slots(session: Session) -> dict[str, str] | None:
    return None if session.requested_slots is None else dict(session.requested_slots)


_READ: Mapping[str, Callable[[Session], Any]] = {
    "project": lambda session: session.project,
    "domain": lambda session: session.domain,
    "user_id": lambda session: session.user_id,
    "user_email": lambda session: session.user_email,
    "access_key": lambda session: session.access_key,
    "resource_group": lambda session: session.resource_group,
    "image": lambda session: session.image,
    "requested_slots": _slots,
    "created_at": lambda session: _time(session.created_at),
    "started_at": lambda session: _time(session.started_at),
    "duration_seconds": _duration,
    "exit_code": lambda session: session.exit_code,
    "agent_ids": lambda session: None if session.agent_ids is None else [*session.agent_ids],
}

CONTEXT_FIELDS = frozenset(_READ)
"""All fields that a session event's ``context`` can have."""


def context_of(session: Session | None, leaving: frozenset[str]) -> dict[str, Any] | None:
    """Write the known fields of a session that may leave the cluster; None if there are none."""
    if session is None:
        return None
    values = {name: read(session) for name, read in _READ.items() if name in leaving}
    return {name: value for name, value in values.items() if value is not None} or None
