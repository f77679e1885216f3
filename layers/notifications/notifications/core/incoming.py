"""Read events from queue messages, as far as that is possible without their event types."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from notifications.core import events, json_text
from notifications.core.errors import MalformedEvent
from notifications.core.event_records import EventRecord
from notifications.core.model import Event, timestamp
from notifications.core.records import MAX_REASON_CHARS
from notifications.core.texts import whole
from notifications.core.values import value

MAX_DOCUMENT_BYTES = 1024 * 1024 - 1024
"""The largest document that is kept: an SQS message has at most 1 MiB, some of which its attributes need."""


@value
class Reading:
    """A document that was read. ``event``: None if it is malformed; ``record`` is then refused."""

    record: EventRecord
    event: Event | None


def read(text: str, message_id: str) -> Reading:
    """Read a document. ``message_id``: the id of an event that has no usable one."""
    now = timestamp(datetime.now(UTC))
    document, fault = _object(text)
    kept, is_all = _kept(text, {} if fault else document)
    try:
        event = _event(document, fault)
    except MalformedEvent as error:
        event_id = events.usable_id(document) or message_id
        reason = cut_reason(f"malformed: {error.message}")
        named = events.rule_type_of(document)
        return Reading(EventRecord(event_id, named, "refused", reason, kept, None, now, now), None)
    at = timestamp(event.timestamp)
    record = EventRecord(event.id, event.rule_type, "dispatching", None, kept, at, now, now)
    if not is_all:
        reason = f"larger than {MAX_DOCUMENT_BYTES} bytes"
        return Reading(replace(record, status="refused", reason=reason), None)
    return Reading(record, event)


def as_text(document: Mapping[str, Any]) -> str:
    """Write a document as text."""
    return json.dumps(document, ensure_ascii=False)


def cut_reason(reason: str) -> str:
    """Cut a reason to the length that is kept, because it may quote any amount of the event."""
    return reason[:MAX_REASON_CHARS].encode(errors="replace").decode()


def _event(document: Mapping[str, Any], fault: str | None) -> Event:
    if fault is not None:
        raise MalformedEvent(fault)
    return events.parse(document)


def _object(text: str) -> tuple[dict[str, Any], str | None]:
    """Parse a JSON object; return an empty one and the fault if it is none."""
    fault = None
    try:
        document = json_text.read(text)
    except json_text.UnusableNumber as error:
        fault, document = str(error), _object_with_any_numbers(text)
    except (ValueError, RecursionError):
        fault, document = "it is not JSON, or nested too deeply", None
    if isinstance(document, dict):
        return document, fault
    return {}, fault or "it is not a JSON object"


def _object_with_any_numbers(text: str) -> Any:
    """Parse a document for its id and type only, accepting numbers that JSON does not allow."""
    try:
        return json.loads(text, parse_int=float)
    except (ValueError, RecursionError):
        return None


def _kept(text: str, document: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the part of a document that can be stored, and whether it is all of it.

    A document that is too large as it came is written anew, because a bus may escape each letter with six.
    """
    encoded = text.encode(errors="replace")
    if len(encoded) > MAX_DOCUMENT_BYTES and document:
        with suppress(RecursionError):
            shorter = whole(json_text.compact(document)).encode()
            encoded = shorter if len(shorter) <= MAX_DOCUMENT_BYTES else encoded
    return encoded[:MAX_DOCUMENT_BYTES].decode(errors="ignore"), len(encoded) <= MAX_DOCUMENT_BYTES
