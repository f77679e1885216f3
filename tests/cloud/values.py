"""Values to keep in the stores."""

from uuid import uuid4

from notifications.core.model import Channel, EventType, Rule
from tests.samples import configuration as samples

USED_UP = EventType(
    name="quota.exceeded",
    description=None,
    json_schema={"type": "object", "properties": {"share": {"type": "number", "minimum": 0.5}}},
    created_at=samples.TIMESTAMP,
    created_by=samples.USER,
    updated_at=samples.TIMESTAMP,
)


def channel(**changes: object) -> Channel:
    """Make a channel with an id of its own."""
    return samples.channel(**{"id": str(uuid4()), **changes})


def rule(on: Channel, **changes: object) -> Rule:
    """Make a rule on a channel, with an id of its own."""
    return samples.rule(**{"id": str(uuid4()), "channel_id": on.id, **changes})
