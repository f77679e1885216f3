"""Notifications that Backend.AI itself makes; they have all fields of their event type."""

from collections.abc import Mapping
from typing import Any

from backendai_notification_bridge.core import identity, times
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.errors import Refused
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers.about import about
from backendai_notification_bridge.core.makers.lookup import optional, session_id_of
from backendai_notification_bridge.core.makers.once import once

STARTED = "session.started"
TERMINATED = "session.terminated"
PLAIN = frozenset({"artifact.download.completed", "endpoint.lifecycle.changed"})

UNKNOWN_TYPE = "unknown rule type"


def triggered(entry: Entry) -> Made:
    """Make the event that a notification is. A rule type of a newer Backend.AI makes nothing."""
    body = entry.heard.body
    rule_type, data = body.get("rule_type"), body.get("notification_data")
    if not (isinstance(rule_type, str) and isinstance(data, Mapping)):
        raise Refused("rule_type is no text, or notification_data no object")
    if rule_type in {STARTED, TERMINATED}:
        return _of_session(entry, rule_type, data)
    if rule_type not in PLAIN:
        return Made((), UNKNOWN_TYPE)
    at = times.read(body.get("timestamp")) or entry.heard.came
    return once(entry, rule_type, data, identity.of_body(entry.heard), at)


def _of_session(entry: Entry, rule_type: str, data: Mapping[str, Any]) -> Made:
    """Add the context. The id is that of the change of status, which the same releases tell as well."""
    session_id = session_id_of(data)
    session = optional(entry, session_id)
    at = times.read(entry.heard.body.get("timestamp")) or entry.heard.came
    if rule_type == TERMINATED:
        event_id = identity.of_end(session_id)
    else:
        moment = session.started_at if session and session.started_at else at
        event_id = identity.of_start(session_id, moment)
    known = about(entry, session_id, session, ended=rule_type == TERMINATED)
    return once(entry, rule_type, {**known, **data, "session_id": session_id}, event_id, at)
