"""From the readers to the disk: a bounded place in memory, where a burst waits for the next write."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backendai_notification_bridge.core.heard import Via

HELD_BYTES = 32 * 1024 * 1024
"""Readers wait while there is more than this; what they would read waits in Valkey meanwhile."""

Body = Mapping[bytes, bytes] | bytes
"""A stream's fields, or a message."""


@dataclass(frozen=True, slots=True)
class Item:
    """What was read. ``at``: the milliseconds of a stream's id, else of when it came."""

    via: Via
    at: int
    body: Body


@dataclass
class Portion:
    """What is written in one transaction: items, and the marks that tell how far it goes."""

    items: Sequence[Item] = ()
    marks: Mapping[str, str | None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    size: int = 0


class Hand:
    """Hands portions over, in order."""

    def __init__(self, max_bytes: int = HELD_BYTES) -> None:
        self._max_bytes = max_bytes
        self._held: list[Portion] = []
        self._bytes = 0
        self._changed = threading.Condition()
        self._closed = False

    def over(self, portion: Portion) -> None:
        """Give a portion; wait while too much is held."""
        with self._changed:
            self._changed.wait_for(lambda: self._bytes < self._max_bytes or self._closed)
            self._held.append(portion)
            self._bytes += portion.size
            self._changed.notify_all()

    def take(self, seconds: float) -> list[Portion]:
        """Take everything that is there; wait a while for something to be."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._held) or self._closed, seconds)
            held, self._held = self._held, []
            return held

    def written(self, portions: Sequence[Portion]) -> None:
        """Say that portions are on the disk, which makes room for others."""
        with self._changed:
            self._bytes -= sum(portion.size for portion in portions)
            self._changed.notify_all()

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
