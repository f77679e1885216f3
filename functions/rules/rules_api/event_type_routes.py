"""The routes of event types."""

from notifications.api import on_demand
from notifications.api.given import author, services
from notifications.api.known_types import type_at
from notifications.api.models import Deleted
from notifications.api.powertools import Router
from notifications.api.requests.event_types import EventTypeIn
from rules_api import event_types
from rules_api.event_type_models import (
    EventSample,
    EventTypeChanges,
    EventTypeEnvelope,
    EventTypeList,
    shown_type,
)

router = Router()


@router.post("/notifications/event-types", status_code=201)
def create_event_type(request: EventTypeIn) -> EventTypeEnvelope:
    """Create a custom event type.

    Its schema says which fields its events have, and so which fields rules on it can use.
    """
    return EventTypeEnvelope(
        event_type=shown_type(event_types.create(services(router), request, author(router)))
    )


@router.get("/notifications/event-types")
def list_event_types() -> EventTypeList:
    """List all event types.

    The list has built-in and custom types, with their schemas.
    """
    return EventTypeList(
        event_types=[shown_type(event_type) for event_type in services(router).event_types.all()]
    )


@router.get("/notifications/event-types/<name>")
def get_event_type(name: str) -> EventTypeEnvelope:
    """Show an event type.

    The name may be in any case.
    """
    return EventTypeEnvelope(event_type=shown_type(type_at(services(router), name.lower())))


@router.get("/notifications/event-types/<name>/sample")
def get_event_type_sample(name: str) -> EventSample:
    """Show a sample event.

    The sample is made from the event type's schema, and can be emitted as it is.
    """
    event_type = type_at(services(router), name.lower())
    return EventSample(rule_type=event_type.name, notification_data=on_demand.sample(event_type))


@router.patch("/notifications/event-types/<name>")
def update_event_type(name: str, request: EventTypeChanges) -> EventTypeEnvelope:
    """Change a custom event type.

    Fields that are absent or null stay as they are. A schema that lacks a field that rules use is refused,
    and so is any change of a built-in type.
    """
    return EventTypeEnvelope(
        event_type=shown_type(event_types.change(services(router), name.lower(), request, author(router)))
    )


@router.delete("/notifications/event-types/<name>")
def delete_event_type(name: str) -> Deleted:
    """Delete a custom event type.

    A type that rules use cannot be deleted, nor can a built-in one.
    """
    services(router).event_types.delete(name.lower(), author(router))
    return Deleted()
