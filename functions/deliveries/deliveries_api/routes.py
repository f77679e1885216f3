"""The routes of events."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import BaseModel

from notifications import aws
from notifications.api.models import LowerText
from notifications.core.errors import EntityNotFound, InvalidRequest
from notifications.core.schemas import check_data

router = Router()


class EventIn(BaseModel):
    """An event to put on the bus."""

    rule_type: LowerText
    notification_data: dict[str, Any] = {}


class EventAccepted(BaseModel):
    """The bus has the event."""

    event_id: str


@router.post("/notifications/events", status_code=202)
def emit_event(request: EventIn) -> EventAccepted:
    """Put an event on the bus, as Backend.AI does."""
    try:
        event_type = aws.event_types().get(request.rule_type)
    except EntityNotFound:
        raise InvalidRequest(f"rule_type: {request.rule_type!r} is not an event type") from None
    check_data(event_type, request.notification_data)
    return EventAccepted(event_id=aws.event_bus().put(event_type.name, request.notification_data))
