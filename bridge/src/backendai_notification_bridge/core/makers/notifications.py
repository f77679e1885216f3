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
from backendai_notification_bridge.core.makers.starts import STARTED, started

TERMINATED = "session.terminated"
PLAIN = frozenset({"artifact.download.completed", "endpoint.lifecycle.changed"})

UNKNOWN_TYPE = "unknown rule type"


def triggered(entry: Entry) -> Made:
    """Make the event of a notification. A rule type of a newer Backend.AI makes none."""
    body = entry.received.body
    rule_type, data = body.get("rule_type"), body.get("notification_data")
    if not (isinstance(rule_type, str) and isinstance(data, Mapping)):
        raise Refused("rule_type is no text, or notification_data no object")
    if rule_type in {STARTED, TERMINATED}:
        return _of_session(entry, rule_type, data)
    if rule_type not in PLAIN:
        return Made((), UNKNOWN_TYPE)
    at = times.read(body.get("timestamp")) or entry.received.came
    return once(entry, rule_type, data, identity.of_body(entry.received), at)


def _of_session(entry: Entry, rule_type: str, data: Mapping[str, Any]) -> Made:
    """Add the context. The id is that of the change of status, which the same releases report, too."""
    session_id = session_id_of(data)
    session = optional(entry, session_id)
    at = times.read(entry.received.body.get("timestamp")) or entry.received.came
    known = about(entry, session_id, session, ended=rule_type == TERMINATED)
    whole = _completed(data, known)
    if rule_type == TERMINATED:
        return once(entry, rule_type, whole, identity.of_end(session_id), at)
    started_at = session.started_at if session else None
    return started(entry, session_id, whole, started_at, at)


def _completed(data: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the fields that a notification lacks, and the bridge's own context."""
    missing = {name: value for name, value in known.items() if data.get(name) is None}
    whole = {**data, **missing, "session_id": known["session_id"], "context": known.get("context")}
    if isinstance(whole.get("session_type"), str):
        whole["session_type"] = whole["session_type"].lower()
    return {name: value for name, value in whole.items() if name != "context" or value is not None}
