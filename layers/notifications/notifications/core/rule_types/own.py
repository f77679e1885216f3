"""The service's own event types."""

from notifications.core.model import DefaultMessage, EventType
from notifications.core.rule_types.making import event_types, schema

HEARTBEAT = "notification.heartbeat"

OWN = event_types(
    EventType(
        name=HEARTBEAT,
        description="Comes every 15 minutes, to show that events get through.",
        json_schema=schema("Heartbeat", {}),
        built_in=True,
        message=DefaultMessage("Heartbeat", "Events get through.", level="success"),
    )
)
