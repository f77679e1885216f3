"""What the bridge puts on the bus."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SOURCE = "backend.ai.bridge"
"""The bus takes ``backend.ai`` and what begins with ``backend.ai.``."""

CHOSEN_ID = "backend.ai:event-id:"
"""What precedes the event's id among the resources; the service takes one id once."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``detail_type``: its event type. ``event_id``: the same in each bridge that makes it."""

    detail_type: str
    detail: Mapping[str, Any]
    event_id: str
    came: datetime
    """When it happened, as far as that is known; with a time zone."""

    def entry(self, bus: str) -> dict[str, Any]:
        """Write it as PutEvents takes it."""
        return {
            "EventBusName": bus,
            "Source": SOURCE,
            "DetailType": self.detail_type,
            "Detail": json.dumps(self.detail, ensure_ascii=False, separators=(",", ":")),
            "Resources": [f"{CHOSEN_ID}{self.event_id}"],
            "Time": self.came,
        }


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of an entry. ``dropped`` says why nothing was, if nothing was."""

    events: tuple[Event, ...]
    dropped: str | None = None
