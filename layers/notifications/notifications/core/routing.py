"""What the configuration says about events of one type."""

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from notifications.core.matching import IndexedRules
from notifications.core.model import Channel, EventType
from notifications.core.values import value

if TYPE_CHECKING:
    from notifications.core.muting import Mutes


@value
class Routing:
    """The rules, channels and mutes for events of one type. ``event_type``: None if there is no such type.

    ``as_of``: when this was read, as a timestamp; it may lack later changes.
    """

    event_type: EventType | None
    rules: IndexedRules
    channels: Mapping[str, Channel]
    as_of: str = field(default="", compare=False)
    mutes: "Mutes | tuple[()]" = ()
