"""The protocol of a bus."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from backendai_notification_bridge.spool.rows import Outgoing

CONNECTIONS = 4
"""How many requests are in flight at once."""


@dataclass
class Outcome:
    """The result of a batch. ``later``: why some events must be tried again, None if none must."""

    taken: list[Outgoing] = field(default_factory=list)
    refused: list[tuple[Outgoing, str]] = field(default_factory=list)
    later: str | None = None

    def add(self, other: "Outcome") -> None:
        """Add the result of another part of the batch."""
        self.taken += other.taken
        self.refused += other.refused
        self.later = self.later or other.later


class Bus(Protocol):
    """A bus that events are put on."""

    def put(self, batch: Sequence[Outgoing]) -> Outcome:
        """Put a batch; failures are returned, not raised."""
