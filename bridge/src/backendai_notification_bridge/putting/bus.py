"""A bus as the putter knows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from backendai_notification_bridge.spool.rows import Outgoing

CONNECTIONS = 4
"""So many requests are under way at once."""


@dataclass
class Outcome:
    """What became of a batch. ``later``: why some events were not taken and may be, None if all were."""

    taken: list[Outgoing] = field(default_factory=list)
    refused: list[tuple[Outgoing, str]] = field(default_factory=list)
    later: str | None = None

    def add(self, other: "Outcome") -> None:
        """Add what became of another part of the batch."""
        self.taken += other.taken
        self.refused += other.refused
        self.later = self.later or other.later


class Bus(Protocol):
    """Takes events."""

    def put(self, batch: Sequence[Outgoing]) -> Outcome:
        """Put a batch; what goes wrong is told, not raised."""
