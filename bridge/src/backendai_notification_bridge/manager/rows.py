"""Turn a GraphQL row of the manager into a session."""

import json
from collections.abc import Mapping
from typing import Any

from backendai_notification_bridge.core import times
from backendai_notification_bridge.core.fields import is_integer
from backendai_notification_bridge.core.plain import plain
from backendai_notification_bridge.core.sessions import Session

FIELDS = """
  id name type cluster_mode status status_info access_key domain_name group_name user_id user_email
  scaling_group image requested_slots agent_ids created_at starts_at terminated_at status_history
"""
"""The queried fields. All releases from 25.6 to 26.9 have them."""

FEWER_FIELDS = "id name type cluster_mode status status_info access_key domain_name group_name"
"""The fields that are queried from a release that lacks some of them."""


def session_of(row: Mapping[str, Any]) -> Session:
    """Read one session. A field of an unexpected form is left out."""
    row = plain(dict(row))
    history = _object(row.get("status_history"))
    session_type = _text(row.get("type"))
    return Session(
        id=str(row.get("id")).lower(),
        name=_text(row.get("name")),
        type=session_type.lower() if session_type else None,
        cluster_mode=_text(row.get("cluster_mode")),
        status=_text(row.get("status")),
        status_info=_text(row.get("status_info")),
        project=_text(row.get("group_name")),
        domain=_text(row.get("domain_name")),
        user_id=_text(row.get("user_id")),
        user_email=_text(row.get("user_email")),
        access_key=_text(row.get("access_key")),
        resource_group=_text(row.get("scaling_group")),
        image=_text(row.get("image")) or None,
        requested_slots=_slots(row.get("requested_slots")),
        agent_ids=_texts(row.get("agent_ids")),
        created_at=times.read(row.get("created_at")),
        # Before 26.1 starts_at is the time for which a batch session was scheduled; the history has when it
        # began.
        started_at=times.read(history.get("RUNNING") if history else row.get("starts_at")),
        terminated_at=times.read(row.get("terminated_at")),
        exit_code=_exit_code(row.get("containers")),
    )


def _exit_code(containers: Any) -> int | None:
    """Return the exit code of the main container; those of helper containers say nothing about the work."""
    for container in containers if isinstance(containers, list) else ():
        if isinstance(container, Mapping) and container.get("cluster_role") == "main":
            code = _object(_object(container.get("status_data")).get("kernel")).get("exit_code")
            return code if is_integer(code) else None
    return None


def _slots(value: Any) -> dict[str, str] | None:
    slots = _object(value)
    return {str(name): str(amount) for name, amount in slots.items() if amount is not None} or None


def _object(value: Any) -> Mapping[str, Any]:
    """Read an object that GraphQL may give as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(text for text in value if isinstance(text, str))
