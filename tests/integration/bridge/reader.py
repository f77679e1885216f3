"""A reader in a thread, and what it has handed over."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from backendai_notification_bridge.reading.buffer import Buffer, Item
from backendai_notification_bridge.reading.connection import AWAY

Follow = Callable[[Callable[[], bool]], None]


class Taken:
    """What a reader has handed over."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self._items: list[Item] = []
        self.marks: dict[str, str] = {}
        self.counts: Counter[str] = Counter()

    def items(self, via: str | None = None) -> list[Item]:
        """Return all of it until now, or what came one way."""
        portions = self._buffer.take(0.0)
        self._buffer.written(portions)
        for portion in portions:
            self._items += portion.items
            self.counts += portion.counts
            self.marks |= {name: value for name, value in portion.marks.items() if value is not None}
        return [item for item in self._items if via in {None, item.via}]

    def read(self) -> int:
        """Return how many of the stream's entries were read, of use or not."""
        self.items()
        return self.counts["read: stream"]

    def numbers(self) -> list[int]:
        """Return the numbers of the entries that ``add`` has written."""
        return [int(item.body[b"n"]) for item in self.items("stream") if isinstance(item.body, dict)]


@contextmanager
def following(follow: Follow) -> Iterator[None]:
    """Follow, connection after connection, until the end of the block."""
    stopped = threading.Event()

    def run() -> None:
        while not stopped.is_set():
            with suppress(*AWAY):
                follow(stopped.is_set)
            stopped.wait(0.05)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def add(client: Any, numbers: range, trim: int = 128) -> None:
    """Add entries one by one, as the producers do."""
    for number in numbers:
        client.xadd("events", {"name": "agent_error", "n": number}, maxlen=trim, approximate=True)
