"""Pass entries from the readers to the disk through a bounded buffer, where bursts wait."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backendai_notification_bridge.core.received import Via

HELD_BYTES = 32 * 1024 * 1024
"""Readers wait while the buffer has more than this; meanwhile the entries wait in Valkey."""

Body = Mapping[bytes, bytes] | bytes
"""A stream's fields, or a message."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry that was read. ``at``: the milliseconds of a stream's id, else of its arrival."""

    via: Via
    at: int
    body: Body


@dataclass
class Portion:
    """What is written in one transaction: items, and the marks that tell how far was read."""

    items: Sequence[Item] = ()
    marks: Mapping[str, str | None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    size: int = 0


class Buffer:
    """Pass portions on, in order."""

    def __init__(self, max_bytes: int = HELD_BYTES) -> None:
        self._max_bytes = max_bytes
        self._held: list[Portion] = []
        self._bytes = 0
        self._changed = threading.Condition()
        self._closed = False

    def put(self, portion: Portion) -> None:
        """Add a portion; wait while the buffer is full."""
        with self._changed:
            self._changed.wait_for(lambda: self._bytes < self._max_bytes or self._closed)
            self._held.append(portion)
            self._bytes += portion.size
            self._changed.notify_all()

    def take(self, seconds: float) -> list[Portion]:
        """Take all portions; wait a while if there is none."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._held) or self._closed, seconds)
            held, self._held = self._held, []
            return held

    def written(self, portions: Sequence[Portion]) -> None:
        """Note that portions are on the disk, which makes room for others."""
        with self._changed:
            self._bytes -= sum(portion.size for portion in portions)
            self._changed.notify_all()

    def close(self) -> None:
        """Wake all waiting threads, for the end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
