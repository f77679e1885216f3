"""From an EventBridge document to an Event. Two shapes are taken, see docs/events.md."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from notifications.core.errors import MalformedEvent
from notifications.core.model import MAX_EVENT_TYPE_CHARS, Event

SOURCE_PREFIX = "backend.ai"
TRIGGERED = "notification_triggered"
"""The detail-type of Backend.AI's own NotificationTriggeredEvent; any other detail-type is a rule type."""


def parse(document: Mapping[str, Any]) -> Event:
    """Read one EventBridge document in either shape.

    Raises:
        MalformedEvent: a part is missing or of the wrong kind; the message names it.
    """
    event_id = _text(document, "id")
    source = _text(document, "source")
    if not source.startswith(SOURCE_PREFIX):
        raise MalformedEvent(f"source is {source!r}, but must begin with {SOURCE_PREFIX!r}")
    detail_type = _text(document, "detail-type")
    detail = _object(document, "detail")
    if detail_type != TRIGGERED:
        return Event(event_id, _rule_type(document, "detail-type"), _moment(document, "time"), detail)
    return Event(
        event_id,
        _rule_type(detail, "rule_type"),
        _moment(detail, "timestamp"),
        _object(detail, "notification_data"),
    )


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


def _moment(document: Mapping[str, Any], key: str) -> datetime:
    text = _text(document, key)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MalformedEvent(f"{key} must be an ISO 8601 time, not {text!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
