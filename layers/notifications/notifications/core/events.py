"""Parse EventBridge documents into events. There are two shapes, see docs/events.md."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notifications.core import json_text, times
from notifications.core.errors import MalformedEvent
from notifications.core.model import MAX_EVENT_TYPE_CHARS, Event
from notifications.core.nearest import quoted
from notifications.core.texts import whole

SOURCE_PREFIX = "backend.ai"
TRIGGERED = "notification_triggered"
"""The detail-type of Backend.AI's own NotificationTriggeredEvent; any other detail-type is a rule type."""

CHOSEN_ID = "backend.ai:event-id:"
"""The prefix of the entry in ``resources`` that gives the event's id; without one, the bus chose the id."""

MAX_FIELDS_BYTES = 1022 * 1024
"""The most bytes that an event's fields may have as compact JSON in UTF-8, however they were written."""

_EVENT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""The id becomes part of the webhook-id, which may not have dots."""


def parse(document: Mapping[str, Any]) -> Event:
    """Parse an EventBridge document of either shape. A lone surrogate in its fields becomes U+FFFD.

    Raises:
        MalformedEvent: a part is missing or of the wrong kind; the message names it.
    """
    event_id = _event_id(document)
    source = _text(document, "source")
    if not source.startswith(SOURCE_PREFIX):
        raise MalformedEvent(f"source is {quoted(source)}, but must begin with {SOURCE_PREFIX!r}")
    detail_type = _text(document, "detail-type")
    detail = _object(document, "detail")
    if detail_type != TRIGGERED:
        return Event(
            event_id, _rule_type(document, "detail-type"), _time(document, "time"), usable_fields(detail)
        )
    return Event(
        event_id,
        _rule_type(detail, "rule_type"),
        _time(detail, "timestamp"),
        usable_fields(_object(detail, "notification_data")),
    )


def read(text: str) -> Event:
    """Parse an EventBridge document from text.

    Raises:
        MalformedEvent: it is not JSON, or see ``parse``.
    """
    try:
        document = json_text.read(text)
    except json_text.UnusableNumber as error:
        raise MalformedEvent(str(error)) from None
    except (ValueError, RecursionError):
        raise MalformedEvent("it is not JSON, or nested too deeply") from None
    if not isinstance(document, Mapping):
        raise MalformedEvent("it must be an object")
    return parse(document)


def usable_fields(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an event's fields with lone surrogates replaced by U+FFFD.

    Raises:
        MalformedEvent: they are nested too deeply, or larger than ``MAX_FIELDS_BYTES``.
    """
    try:
        text = json_text.compact(fields)
    except RecursionError:
        raise MalformedEvent("the fields are nested too deeply") from None
    made = whole(text)
    size = len(made.encode())
    if size > MAX_FIELDS_BYTES:
        raise MalformedEvent(f"the fields are larger than {MAX_FIELDS_BYTES} bytes as JSON: {size}")
    return fields if made is text else json.loads(made)


def usable_id(document: Mapping[str, Any]) -> str | None:
    """Return a document's id, if it can be used in records and by receivers."""
    chosen = {*_chosen_ids(document)}
    for event_id in (*(chosen if len(chosen) == 1 else ()), document.get("id")):
        if isinstance(event_id, str) and _EVENT_ID.fullmatch(event_id):
            return event_id
    return None


def rule_type_of(document: Mapping[str, Any]) -> str:
    """Return the type that a malformed document names, if it can be shown."""
    name = document.get("detail-type")
    return name[:MAX_EVENT_TYPE_CHARS] if isinstance(name, str) and name.isprintable() else ""


def _event_id(document: Mapping[str, Any]) -> str:
    chosen = {*_chosen_ids(document)}
    if len(chosen) > 1:
        raise MalformedEvent(f"resources has more than one {CHOSEN_ID}")
    event_id = chosen.pop() if chosen else _text(document, "id")
    if not _EVENT_ID.fullmatch(event_id):
        where = CHOSEN_ID if _chosen_ids(document) else "id"
        raise MalformedEvent(f"{where} must be 1 to 128 letters, digits, hyphens and underscores")
    return event_id


def _chosen_ids(document: Mapping[str, Any]) -> list[str]:
    resources = document.get("resources")
    entries = resources if isinstance(resources, list) else ()
    return [
        entry.removeprefix(CHOSEN_ID)
        for entry in entries
        if isinstance(entry, str) and entry.startswith(CHOSEN_ID)
    ]


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


def _time(document: Mapping[str, Any], key: str) -> datetime:
    text = _text(document, key)
    try:
        return times.parse(text)
    except ValueError:
        raise MalformedEvent(f"{key} must be an ISO 8601 time, not {quoted(text)}") from None
