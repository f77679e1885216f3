"""Keep wanted entries, judged by their names alone; nine of ten are not wanted and take no more room."""

from collections import Counter
from collections.abc import Mapping

from backendai_notification_bridge.core.errors import Undecodable
from backendai_notification_bridge.core.names import unwanted
from backendai_notification_bridge.core.received import Via
from backendai_notification_bridge.core.wire import name_of_entry, name_of_published
from backendai_notification_bridge.reading.buffer import Body, Item, Portion
from backendai_notification_bridge.spool.counting import UNKNOWN
from backendai_notification_bridge.spool.rows import ROW_BYTES

UNKNOWN_NAME = "unknown name"
NAME_LENGTH = 100


class EntryFilter:
    """Keep wanted entries, and count all. ``seen``: how many came since the last portion."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.seen = 0
        self._counts: Counter[str] = Counter()
        self._size = 0

    def add(self, via: Via, at: int, body: Body) -> None:
        """Keep an entry, or only count it. ``at``: in milliseconds."""
        self.seen += 1
        self._counts[f"read: {via}"] += 1
        if self._is_wanted(via, body):
            self.items.append(Item(via, at, body))
            self._size += _length(body) + ROW_BYTES

    def count(self, name: str, number: int) -> None:
        """Add to another count of the portion."""
        self._counts[name] += number

    def portion(self, marks: Mapping[str, str | None]) -> Portion:
        """Return what was kept and counted, and start again."""
        given = Portion(self.items, marks, self._counts, self._size)
        self.items, self.seen, self._counts, self._size = [], 0, Counter(), 0
        return given

    def _is_wanted(self, via: Via, body: Body) -> bool:
        try:
            name = name_of_published(body) if isinstance(body, bytes) else name_of_entry(body)
        except Undecodable:
            return True  # it goes to the quarantine, with the reason
        reason = unwanted(name, via)
        if reason is None:
            return True
        self._counts[f"dropped: {reason}"] += 1
        if reason == UNKNOWN_NAME:
            self._counts[f"{UNKNOWN}{name[:NAME_LENGTH]}"] += 1
        return False


def _length(body: Body) -> int:
    return len(body) if isinstance(body, bytes) else sum(map(len, body.values()))
