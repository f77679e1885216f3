"""Events of trials: simulated ones, and those of a file's tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from notifications.api import on_demand
from notifications.core import times
from notifications.core.errors import InvalidRequest
from notifications.core.events import usable_fields
from notifications.core.model import Event, EventType
from notifications.core.nearest import quoted


def make(
    event_type: EventType,
    data: Mapping[str, Any] | None,
    *,
    sample: bool,
    at: str | None,
    event_id: str,
    named: str = "notification_data",
) -> Event:
    """Make an event of a type.

    ``sample``: whether to use a sample of its fields. ``at``: its time, by default now. ``named``: the
    request's name for the fields, for errors.

    Raises:
        InvalidRequest: the request has both fields and ``sample``, or neither; or the time is malformed.
        MalformedEvent, SchemaMismatch: an event of the type cannot have these fields.
    """
    if sample == (data is not None):
        raise InvalidRequest(f"give either {named} or sample: true")
    fields = usable_fields(on_demand.sample(event_type) if sample else data or {})
    on_demand.check_data(event_type, fields)
    return Event(event_id, event_type.name, _time(at), fields)


def _time(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        return times.parse(text)
    except ValueError:
        raise InvalidRequest(
            f"timestamp: must be an ISO 8601 time, like 2026-01-15T10:30:00Z, not {quoted(text)}"
        ) from None
