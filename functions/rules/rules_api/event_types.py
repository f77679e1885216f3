"""The operations on event types."""

from datetime import UTC, datetime

from notifications.api import on_demand
from notifications.api.changing import event_types as changing
from notifications.api.requests.event_types import EventTypeIn
from notifications.core.model import EventType, timestamp
from notifications.core.revisions import Author
from notifications.store.event_types import refuse_built_in
from notifications.wiring import Services
from rules_api.event_type_models import EventTypeChanges


def create(services: Services, request: EventTypeIn, by: Author) -> EventType:
    """Create a custom event type.

    Raises:
        InvalidRequest: its schema cannot be used.
        EventTypeConflict: the name is taken.
    """
    event_type = changing.made(request, by)
    services.event_types.create(event_type, by)
    return event_type


def change(services: Services, name: str, request: EventTypeChanges, by: Author) -> EventType:
    """Change the attributes that the request names.

    Raises:
        EntityNotFound: there is no such type.
        InvalidRequest: the new schema cannot be used.
        EventTypeConflict: the type is built in, or rules do not fit the new schema.
    """
    refuse_built_in(name)
    present = services.event_types.get(name)
    changes = request.model_dump(exclude_none=True)
    if not changes:
        return present
    rule_writes = services.event_types.rule_writes(name)
    if request.json_schema is not None:
        on_demand.check_schema(request.json_schema)
        _check_rules(services, EventType(name=name, description=None, json_schema=request.json_schema))
    return services.event_types.update(
        name, changes | {"updated_at": timestamp(datetime.now(UTC))}, rule_writes, by
    )


def _check_rules(services: Services, event_type: EventType) -> None:
    ids = [summary.id for summary in services.rules.summaries() if summary.type == event_type.name]
    rules = services.rules.get_many(ids).values()
    channels = services.channels.get_many([rule.channel_id for rule in rules])
    changing.check_rules(event_type, rules, channels)
