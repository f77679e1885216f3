"""The routes of deliveries."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from deliveries_api.models import (
    DeliveryEnvelope,
    DeliveryList,
    RetryIn,
    detailed_delivery,
    shown_delivery,
)
from deliveries_api.retry import retry
from notifications.api.given import services
from notifications.api.lists import Cursor, Limit, Since, Until
from notifications.api.models import LowerText
from notifications.api.powertools import Query, Router
from notifications.core.errors import EntityNotFound
from notifications.core.records import DeliveryStatus
from notifications.core.search import DEFAULT_LIMIT
from notifications.store.record_pages import Wanted

router = Router()

EventId = Annotated[
    str | None, Query(pattern="^[A-Za-z0-9_-]{1,128}$", description="Only deliveries of this event")
]


@router.get("/notifications/deliveries")
def list_deliveries(
    channel: Annotated[UUID | None, Query(description="Only deliveries to this channel")] = None,
    rule: Annotated[UUID | None, Query(description="Only deliveries of this rule")] = None,
    event: EventId = None,
    rule_type: Annotated[LowerText | None, Query(description="Only deliveries of this type's events")] = None,
    status: Annotated[DeliveryStatus | None, Query(description="Only deliveries with this status")] = None,
    mute: Annotated[UUID | None, Query(description="Only deliveries that this mute keeps back")] = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> DeliveryList:
    """List deliveries, newest first.

    All given conditions must hold. A page may be short, or even empty, and still have a next one: continue
    until ``next`` is null.
    """
    wanted = Wanted(
        limit=limit,
        cursor=cursor,
        status=status,
        since=since,
        until=until,
        event_id=event,
        channel_id=str(channel) if channel else None if mute else _channel_of(rule),
        rule_id=str(rule) if rule else None,
        rule_type=rule_type,
        mute_id=str(mute) if mute else None,
    )
    page = services(router).record_pages.deliveries(wanted)
    return DeliveryList(deliveries=[shown_delivery(record) for record in page.records], next=page.next)


def _channel_of(rule: UUID | None) -> str | None:
    """Return a rule's channel, whose index has the rule's deliveries; None if the rule is gone."""
    if rule is None:
        return None
    with suppress(EntityNotFound):
        return services(router).rules.get(str(rule)).channel_id
    return None


@router.get("/notifications/deliveries/<delivery_id>")
def get_delivery(delivery_id: str) -> DeliveryEnvelope:
    """Show a delivery.

    The response has the message and the last attempts, with the receiver's responses.
    """
    return DeliveryEnvelope(delivery=detailed_delivery(services(router).records.delivery(delivery_id)))


@router.post("/notifications/deliveries/<delivery_id>/retry", status_code=202)
def retry_delivery(delivery_id: str, request: RetryIn | None = None) -> DeliveryEnvelope:
    """Send a delivery again.

    It is sent at once, whatever its status, with the same ``webhook-id`` and a new retry schedule. The
    response is the pending delivery.
    """
    choice = (request or RetryIn()).message
    return DeliveryEnvelope(delivery=detailed_delivery(retry(services(router), delivery_id, choice)))
