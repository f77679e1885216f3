"""What the configuration says about events of one type."""

from collections.abc import Mapping
from dataclasses import field

from notifications.core.matching import IndexedRules
from notifications.core.model import Channel, EventType
from notifications.core.values import value


@value
class Routing:
    """The rules and channels for events of one type. ``event_type``: None if there is no such type.

    ``as_of``: when this was read, a timestamp; later changes may not be in it.
    """

    event_type: EventType | None
    rules: IndexedRules
    channels: Mapping[str, Channel]
    as_of: str = field(default="", compare=False)
