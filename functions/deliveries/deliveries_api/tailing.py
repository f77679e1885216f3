"""Return new events to the clients that follow them, with their deliveries and the names of the rules."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from deliveries_api.clauses import meets
from deliveries_api.models import shown_event
from deliveries_api.tail_models import FollowedDelivery, FollowedEvent, TailIn, TailOut
from notifications.core import tailing
from notifications.core.event_records import EventRecord
from notifications.core.records import DeliveryRecord
from notifications.store.event_tail import SHOWN_DELIVERIES
from notifications.wiring import Services


def tail(services: Services, request: TailIn) -> TailOut:
    """Return the events that have ended since a position, and the next position.

    Raises:
        ConditionError, InvalidRequest: a clause or the position cannot be parsed.
    """
    now = datetime.now(UTC)
    is_met = meets(request.where) if request.where else None
    if request.position is None:
        beginning = services.event_tail.beginning(now)
        return TailOut(events=[], position=tailing.written(beginning), more=False)
    page = services.event_tail.page(tailing.read(request.position), _wanted(request), is_met, now)
    deliveries = services.event_tail.deliveries(page.events)
    met = {delivery.rule_id for found in deliveries for delivery in found}
    names = services.rules.names(sorted(met)) if met else {}
    return TailOut(
        events=[_followed(*each, names) for each in zip(page.events, deliveries, strict=True)],
        position=tailing.written(page.position),
        more=page.more,
    )


def _wanted(request: TailIn) -> Callable[[EventRecord], bool]:
    return lambda record: (
        request.status in {None, record.status} and request.rule_type in {None, record.rule_type}
    )


def _followed(
    event: EventRecord, deliveries: Sequence[DeliveryRecord], names: dict[str, str]
) -> FollowedEvent:
    return FollowedEvent(
        **shown_event(event).model_dump(),
        deliveries=[
            FollowedDelivery(
                rule_id=delivery.rule_id,
                rule_name=names.get(delivery.rule_id),
                channel_id=delivery.channel_id,
                status=delivery.status,
                reason=delivery.reason,
            )
            for delivery in deliveries[:SHOWN_DELIVERIES]
        ],
        more_deliveries=len(deliveries) > SHOWN_DELIVERIES,
    )
