"""From an EventBridge document to an Event. Two shapes are taken, see docs/events.md."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from notifications.core.errors import MalformedEvent
from notifications.core.model import MAX_EVENT_TYPE_CHARS, Event
from notifications.core.nearest import quoted
from notifications.core.texts import whole_fields

SOURCE_PREFIX = "backend.ai"
TRIGGERED = "notification_triggered"
"""The detail-type of Backend.AI's own NotificationTriggeredEvent; any other detail-type is a rule type."""


_EVENT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""It becomes a part of the webhook-id, which may have no dots."""


def parse(document: Mapping[str, Any]) -> Event:
    """Read one EventBridge document in either shape. Half a character in its fields becomes U+FFFD.

    Raises:
        MalformedEvent: a part is missing or of the wrong kind; the message names it.
    """
    _text(document, "id")
    event_id = usable_id(document)
    if event_id is None:
        raise MalformedEvent("id must be 1 to 128 letters, digits, hyphens and underscores")
    source = _text(document, "source")
    if not source.startswith(SOURCE_PREFIX):
        raise MalformedEvent(f"source is {quoted(source)}, but must begin with {SOURCE_PREFIX!r}")
    detail_type = _text(document, "detail-type")
    detail = _object(document, "detail")
    if detail_type != TRIGGERED:
        return Event(
            event_id, _rule_type(document, "detail-type"), _moment(document, "time"), _fields(detail)
        )
    return Event(
        event_id,
        _rule_type(detail, "rule_type"),
        _moment(detail, "timestamp"),
        _fields(_object(detail, "notification_data")),
    )


def read(text: str) -> Event:
    """Read one EventBridge document that was kept as text.

    Raises:
        MalformedEvent: it is not JSON, or see ``parse``.
    """
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise MalformedEvent("it is not JSON, or nested too deeply") from None
    if not isinstance(document, Mapping):
        raise MalformedEvent("it must be an object")
    return parse(document)


def usable_id(document: Mapping[str, Any]) -> str | None:
    """Return a document's id, if it is one that records and receivers can be given."""
    event_id = document.get("id")
    return event_id if isinstance(event_id, str) and _EVENT_ID.fullmatch(event_id) else None


def rule_type_of(document: Mapping[str, Any]) -> str:
    """Return what a malformed document calls its type, as far as it can be shown."""
    name = document.get("detail-type")
    return name[:MAX_EVENT_TYPE_CHARS] if isinstance(name, str) and name.isprintable() else ""


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _text(document: Mapping[str, Any], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value:
        raise MalformedEvent(f"{key} must be a non-empty string")
    return value


def _rule_type(document: Mapping[str, Any], key: str) -> str:
    name = _text(document, key).lower()
    if len(name) > MAX_EVENT_TYPE_CHARS or not name.isprintable():
        raise MalformedEvent(f"{key} is not the name of a rule type")
    return name


def _object(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key)
    if not isinstance(value, Mapping):
        raise MalformedEvent(f"{key} must be an object")
    return value


def _fields(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return whole_fields(fields)
    except RecursionError:
        raise MalformedEvent("it is nested too deeply") from None


def _moment(document: Mapping[str, Any], key: str) -> datetime:
    text = _text(document, key)
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)  # at the ends of the calendar there is no such time
    except (ValueError, OverflowError):
        raise MalformedEvent(f"{key} must be an ISO 8601 time, not {quoted(text)}") from None
    return moment
