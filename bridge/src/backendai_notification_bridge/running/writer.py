"""From memory to the disk: drops what is of no use by its name, and keeps the rest with how far it goes."""

import logging
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from backendai_notification_bridge.backoff import Backoff
from backendai_notification_bridge.core.errors import Undecodable
from backendai_notification_bridge.core.names import unwanted
from backendai_notification_bridge.core.wire import name_of_entry, name_of_published
from backendai_notification_bridge.reading.hand import Hand, Item, Portion
from backendai_notification_bridge.running.told import tell_dropped
from backendai_notification_bridge.spool.counting import UNKNOWN
from backendai_notification_bridge.spool.rows import Raw, pack
from backendai_notification_bridge.spool.spool import Spool

logger = logging.getLogger(__name__)

TAKE_SECONDS = 0.5
UNKNOWN_NAME = "unknown name"
NAME_LENGTH = 100


class Writer:
    """Writes what readers hand over. ``owns``: whether this bridge leads, and puts what is read now.

    ``failing_since``: when the disk stopped taking it, by the monotonic clock.
    """

    def __init__(self, spool: Spool, hand: Hand, owns: Callable[[], bool], heard: threading.Event) -> None:
        self._spool = spool
        self._hand = hand
        self._owns = owns
        self._heard = heard
        self._backoff = Backoff(0.2, 10.0)
        self.failing_since: float | None = None

    def run(self, stopped: Callable[[], bool]) -> None:
        """Write until stopped and nothing is left."""
        while True:
            last = stopped()  # before it is asked what there is: what comes after this is of no reader
            portions = self._hand.take(0.0 if last else TAKE_SECONDS)
            if portions and not self._write(portions, stopped):
                return
            if last and not portions:
                return

    def _write(self, portions: Sequence[Portion], stopped: Callable[[], bool]) -> bool:
        """Write portions, again and again if the disk is full; tell whether they are written."""
        raws, counts, marks = sort(portions)
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
            self._hand.written(portions)
            tell_dropped(dropped)
            if raws:
                self._heard.set()
            return True

    def _failed(self, error: sqlite3.OperationalError) -> None:
        self._backoff.failed()
        if self.failing_since is None:
            self.failing_since = time.monotonic()
            logger.error("The spool cannot be written: reading waits", extra={"reason": str(error)})


def sort(portions: Sequence[Portion]) -> tuple[list[Raw], Counter[str], dict[str, str | None]]:
    """Return what is to be kept, what is only counted, and the marks."""
    raws: list[Raw] = []
    counts: Counter[str] = Counter()
    marks: dict[str, str | None] = {}
    for portion in portions:
        counts.update(portion.counts)
        marks |= portion.marks
        for item in portion.items:
            counts[f"read: {item.via}"] += 1
            if _is_wanted(item, counts):
                raws.append(_raw(item))
    return raws, counts, marks


def _is_wanted(item: Item, counts: Counter[str]) -> bool:
    try:
        name = name_of_published(item.body) if isinstance(item.body, bytes) else name_of_entry(item.body)
    except Undecodable:
        return True  # the maker puts it into the quarantine
    reason = unwanted(name, item.via)
    if reason is None:
        return True
    counts[f"dropped: {reason}"] += 1
    if reason == UNKNOWN_NAME:
        counts[f"{UNKNOWN}{name[:NAME_LENGTH]}"] += 1
    return False


def _raw(item: Item) -> Raw:
    body = item.body if isinstance(item.body, bytes) else pack(item.body)
    return Raw(item.via, datetime.fromtimestamp(item.at / 1000, UTC), body)
