"""The default message of a digest: how many events there are, since when, and a line for each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from notifications.core import readable, type_messages, zones
from notifications.core.model import EventType
from notifications.core.texts import cut

MAX_LINES = 50
"""How many events are listed; the message says how many more there are."""

MAX_LINE_FIELDS, MAX_LINE_CHARS = 5, 80
"""How many fields of an event a line has, and how much of each."""


class Digest:
    """The events of a digest, as its message shows them. ``zone``: the IANA zone of times; None for UTC."""

    def __init__(
        self, events: Sequence[Mapping[str, Any]], variables: Mapping[str, Any], zone: str | None
    ) -> None:
        self.events = events
        self.count: int = variables["count"]
        self._key: Mapping[str, Any] = variables.get("key") or {}
        self._zone: tzinfo = zones.or_utc(zone)

    def title(self, kind: str) -> str:
        """Return the title: the number and the kind of events. ``kind``: the type's name in words."""
        return f"{self.count} events: {kind}"

    def lines(
        self, title: Callable[[Mapping[str, Any]], str], escaped: Callable[[str], str]
    ) -> Iterator[str]:
        """Yield a line for each event, with its time. ``title``: returns an event's title as markup."""
        days = {self._local(seen).date() for seen in self.events}
        form = "%H:%M:%S" if len(days) == 1 else "%Y-%m-%d %H:%M:%S"
        for seen in self.events[:MAX_LINES]:
            yield escaped(f"{self._local(seen):{form}} · ") + title(seen).replace("\n", " ")
        if left := self.count - len(self.events[:MAX_LINES]):
            yield escaped(f"… and {left} more")

    def fields(self, event_type: EventType) -> Iterator[tuple[str, str]]:
        """Yield the fields that all events share, and when the first and the last event happened."""
        for path, seen in _leaves(self._key):
            yield type_messages.label(event_type, path), readable.of_field(path[-1], seen)
        for label, seen in (("First", self.events[0]), ("Last", self.events[-1])):
            yield label, readable.text(self._local(seen))

    def _local(self, seen: Mapping[str, Any]) -> datetime:
        at: datetime = seen["timestamp"]
        return at.astimezone(self._zone)


def in_a_line(fields: Iterable[tuple[str, str]]) -> str:
    """Write the first fields of an event in one line."""
    lines = (f"{label}: {' '.join(text.split())}" for label, text in islice(fields, MAX_LINE_FIELDS))
    return ", ".join(cut(each, MAX_LINE_CHARS) for each in lines)


def _leaves(key: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, inner in key.items():
        if isinstance(inner, Mapping):
            yield from _leaves(inner, (*path, name))
        else:
            yield (*path, name), inner
