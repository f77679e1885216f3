"""Makes event types, and finds the rules that do not fit a new schema."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from notifications.api import conditions, on_demand
from notifications.api.requests.event_types import EventTypeIn
from notifications.core.errors import EventTypeConflict, InvalidRequest, TemplateError
from notifications.core.model import Channel, EventType, Rule, timestamp
from notifications.core.revisions import Author
from notifications.core.texts import counted


def made(request: EventTypeIn, by: Author) -> EventType:
    """Make the event type that a request describes.

    Raises:
        InvalidRequest: its schema cannot be used.
    """
    on_demand.check_schema(request.json_schema)
    now = timestamp(datetime.now(UTC))
    return EventType(
        name=request.name,
        description=request.description,
        json_schema=request.json_schema,
        created_at=now,
        created_by=by.user_id,
        updated_at=now,
    )


def check_rules(event_type: EventType, rules: Iterable[Rule], channels: Mapping[str, Channel]) -> None:
    """Refuse a new schema that these rules do not fit. ``channels``: the rules' channels by id.

    Raises:
        EventTypeConflict: ``data["rules"]`` names them, with the reasons.
    """
    faults = (_fault(rule, channels.get(rule.channel_id), event_type) for rule in rules)
    broken = [fault for fault in faults if fault]
    if broken:
        subject = counted(len(broken), "rule has", "rules have")
        raise EventTypeConflict(
            f"{subject} templates or conditions that do not fit the new schema of {event_type.name}",
            {"rules": broken},
        )


def _fault(rule: Rule, channel: Channel | None, event_type: EventType) -> dict[str, str] | None:
    try:
        on_demand.check_rule(rule, event_type, channel.spec if channel else None)
        if rule.condition is not None:
            conditions.check(rule.condition, event_type)
    except (TemplateError, InvalidRequest) as error:
        return {"id": rule.id, "name": rule.name, "msg": error.message}
    return None
