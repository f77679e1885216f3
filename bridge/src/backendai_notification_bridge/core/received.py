"""The entries that the bridge has read from Backend.AI."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Via = Literal["stream", "pubsub", "key", "api", "bridge"]
"""The source of an entry: stream, channel, cache key, the manager's API, or the bridge itself."""


@dataclass(frozen=True, slots=True)
class ReceivedEntry:
    """A decoded entry. ``body``: field names to JSON values, whichever form it came in."""

    via: Via
    name: str
    source: str
    body: Mapping[str, Any]
    came: datetime
    """When it was written, if the entry tells (a stream's id), else when it was read; with a time zone."""

    retried: bool = False
    """Whether Backend.AI has put the entry on the stream again because one of its own handlers failed."""
