"""Put events on the bus, for API clients."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from deliveries_api.models import EventAccepted
from notifications.api import on_demand
from notifications.core import events
from notifications.core.errors import (
    EntityNotFound,
    EventConflict,
    InvalidRequest,
    MalformedEvent,
    Unavailable,
)
from notifications.core.idempotency import KeyUse, digest
from notifications.core.nearest import quoted
from notifications.wiring import Services

logger = logging.getLogger(__name__)


def emit(services: Services, rule_type: str, data: Mapping[str, Any], key: str | None) -> EventAccepted:
    """Put an event on the bus, unless its idempotency key was used for the same event before.

    Raises:
        InvalidRequest, MalformedEvent, SchemaMismatch: the event is not valid.
        EventConflict: the key was used for another event.
        Unavailable: the bus did not accept it, or the use of the key cannot be read or recorded.
    """
    try:
        event_type = services.event_types.get(rule_type)
    except EntityNotFound:
        raise InvalidRequest(f"rule_type: {quoted(rule_type)} is not an event type") from None
    fields = events.usable_fields(data)
    on_demand.check_data(event_type, fields)
    if key is None:
        return EventAccepted(event_id=services.event_bus.put(event_type.name, fields))
    # Recorded before the put and marked after it. A crash in between leaves a use that is not accepted, and
    # then the event is put again: twice on the bus is one event by its id, never on the bus would be a loss.
    use = KeyUse(key, digest(event_type.name, fields))
    earlier = _earlier(services, use)
    if earlier is None or not earlier.accepted:
        services.event_bus.put(event_type.name, fields, key)
        _accept(services, use)
    return EventAccepted(event_id=key, duplicate=earlier is not None)


def _earlier(services: Services, use: KeyUse) -> KeyUse | None:
    """Record the use of a key, and return its earlier use, if any."""
    earlier = services.idempotency.begin(use, datetime.now(UTC))
    # Look for the event itself too: it may be recorded although the mark was never written.
    if earlier is None or not earlier.accepted:
        earlier = _recorded(services, use.key) or earlier
    if earlier is not None and earlier.digest != use.digest:
        raise EventConflict(f"The idempotency key {quoted(use.key)} was used for another event")
    return earlier


def _recorded(services: Services, key: str) -> KeyUse | None:
    """Look for a recorded event with this id, which may not have come through the API."""
    try:
        document = services.events.get(key).document
        if document is None:  # it is being dispatched; uses through the API are known anyway
            return None
        event = events.read(document)
    except EntityNotFound:
        return None
    except MalformedEvent:
        return KeyUse(key, "", accepted=True)
    return KeyUse(key, digest(event.rule_type, event.data), accepted=True)


def _accept(services: Services, use: KeyUse) -> None:
    try:
        services.idempotency.accept(use, datetime.now(UTC))
    except Unavailable:  # the next use puts the event again, and the dispatcher recognises the copy by its id
        logger.warning("use of a key stays open", exc_info=True, extra={"event_id": use.key})
