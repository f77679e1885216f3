"""Send a delivery again because an operator asked for it."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

from deliveries_api.models import MessageChoice
from notifications.api import on_demand
from notifications.core import events, records
from notifications.core.delivery import Content
from notifications.core.eligibility import EMPTY_MESSAGE, open_channel
from notifications.core.errors import DeliveryConflict, EntityNotFound, MalformedEvent
from notifications.core.model import Channel
from notifications.core.records import DeliveryRecord
from notifications.wiring import Services

RETRY_TRIES = 4
"""How often the change of a delivery is tried while other processes change it too."""

logger = logging.getLogger(__name__)


def retry(services: Services, delivery_id: str, choice: MessageChoice) -> DeliveryRecord:
    """Have a delivery sent at once, with a new retry schedule; return its pending record.

    If it is rendered again and the message is empty, nothing is sent and the delivery is skipped.

    Raises:
        EntityNotFound: there is no record of it.
        DeliveryConflict: its channel is deleted or disabled, its event or rule is gone, or an attempt is in
            progress.
        SchemaMismatch, TemplateError: its message cannot be rendered.
    """
    for _ in range(RETRY_TRIES):
        seen = services.records.delivery(delivery_id)
        now = datetime.now(UTC)
        if records.is_claimed(seen, now):
            raise DeliveryConflict(
                f"An attempt of delivery {delivery_id} is in progress; check its result first"
            )
        # Render again in each round, because the record may have changed since the last one.
        again = _again(services, seen, choice, now)
        if services.records.put_if(again, seen.revision):
            if again.status == "pending":
                services.delivery_queues.hint([(again, 0)])
            logger.info("delivery replayed", extra={"delivery_id": delivery_id, "message_choice": choice})
            return again
    raise DeliveryConflict(f"Delivery {delivery_id} is being changed by others; try again")


def _again(services: Services, seen: DeliveryRecord, choice: MessageChoice, now: datetime) -> DeliveryRecord:
    if choice == "rendered" or seen.message is None:
        seen = records.for_rendering(seen, services.rules.get_many([seen.rule_id]).get(seen.rule_id))
    channel = _channel(services, seen.channel_id)
    if records.is_digest(seen) and (choice == "rendered" or seen.message is None):
        return _to_be_rendered(services, seen, now)
    content = _content(services, seen, choice, channel)
    return records.replayed(seen, content, now) if content else _skipped(seen, now)


def _to_be_rendered(services: Services, record: DeliveryRecord, now: datetime) -> DeliveryRecord:
    """Leave the message of a digest to the redeliverer, which closes it before it reads its events."""
    try:
        services.rules.get(record.rule_id)
    except EntityNotFound as error:
        raise DeliveryConflict(f"Its message cannot be rendered: {error.message}") from None
    again = records.replayed(record, Content(""), now)
    return replace(again, message=None, subject=None, html=None, recipients=None)


def _skipped(record: DeliveryRecord, now: datetime) -> DeliveryRecord:
    return replace(records.ended(record, "skipped", EMPTY_MESSAGE, now), error_class=None, lease=None)


def _content(
    services: Services, record: DeliveryRecord, choice: MessageChoice, channel: Channel
) -> Content | None:
    if choice == "recorded" and record.message is not None:
        return record.content
    return _rendered(services, record, channel)


def _channel(services: Services, channel_id: str) -> Channel:
    try:
        stored = services.channels.get(channel_id)
    except EntityNotFound:
        stored = None
    found = open_channel(stored)
    if isinstance(found, str):
        raise DeliveryConflict(f"Its channel {channel_id} is {found.removeprefix('channel_')}")
    return found


def _rendered(services: Services, record: DeliveryRecord, channel: Channel) -> Content | None:
    try:
        rule = services.rules.get(record.rule_id)
        event_type = services.event_types.get(rule.rule_type)
        event = events.read(services.events.get(record.event_id).document or "")
    except (EntityNotFound, MalformedEvent) as error:
        raise DeliveryConflict(f"Its message cannot be rendered: {error.message}") from None
    return on_demand.content(rule, channel, event, event_type)
