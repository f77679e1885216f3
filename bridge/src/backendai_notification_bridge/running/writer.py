"""Write entries from memory to the disk, together with the position up to which they were read."""

import logging
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from backendai_notification_bridge.backoff import Backoff
from backendai_notification_bridge.core.times import of_milliseconds
from backendai_notification_bridge.reading.buffer import Buffer, Item, Portion
from backendai_notification_bridge.running.told import tell_dropped
from backendai_notification_bridge.spool.rows import Raw, pack
from backendai_notification_bridge.spool.spool import Spool

logger = logging.getLogger(__name__)

TAKE_SECONDS = 0.5


class Writer:
    """Write the readers' portions. ``owns``: whether this bridge leads, and puts what is read now.

    ``failing_since``: since when (monotonic) the disk takes nothing.
    """

    def __init__(
        self, spool: Spool, buffer: Buffer, owns: Callable[[], bool], arrived: threading.Event
    ) -> None:
        self._spool = spool
        self._buffer = buffer
        self._owns = owns
        self._arrived = arrived
        self._backoff = Backoff(0.2, 10.0)
        self.failing_since: float | None = None

    def run(self, stopped: Callable[[], bool]) -> None:
        """Write until stopped and nothing is left."""
        while True:
            last = stopped()  # asked first: after the stop no reader adds anything
            portions = self._buffer.take(0.0 if last else TAKE_SECONDS)
            if portions and not self._write(portions, stopped):
                return
            if last and not portions:
                return

    def _write(self, portions: Sequence[Portion], stopped: Callable[[], bool]) -> bool:
        """Write portions, and try again while the disk is full; return whether they are written."""
        raws, counts, marks = together(portions)
        while True:
            try:
                dropped = self._spool.keep(raws, counts, marks, owned=self._owns())
            except sqlite3.OperationalError as error:
                self._failed(error)
                if stopped():
                    return False
                time.sleep(self._backoff.left)
                continue
            self._backoff.went_well()
            self.failing_since = None
            self._buffer.written(portions)
            tell_dropped(dropped)
            if raws:
                self._arrived.set()
            return True

    def _failed(self, error: sqlite3.OperationalError) -> None:
        self._backoff.failed()
        if self.failing_since is None:
            self.failing_since = time.monotonic()
            logger.error("The spool cannot be written: reading waits", extra={"reason": str(error)})


def together(portions: Sequence[Portion]) -> tuple[list[Raw], Counter[str], dict[str, str | None]]:
    """Merge portions: the entries to keep, the counts, the marks."""
    counts: Counter[str] = Counter()
    marks: dict[str, str | None] = {}
    for portion in portions:
        counts.update(portion.counts)
        marks |= portion.marks
    return [_raw(item) for portion in portions for item in portion.items], counts, marks


def _raw(item: Item) -> Raw:
    body = item.body if isinstance(item.body, bytes) else pack(item.body)
    return Raw(item.via, of_milliseconds(item.at) or datetime.now(UTC), body)
