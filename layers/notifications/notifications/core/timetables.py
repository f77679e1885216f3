"""Weekly timetables: windows of local time, as ``sat,sun 00:00-24:00 Asia/Seoul``.

A window is open exactly while clocks of its zone show a time in it. So an hour that clocks skip in spring is
in no window, and one that they show twice in autumn is in its window twice.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo

from notifications.core import zones
from notifications.core.errors import InvalidRequest
from notifications.core.nearest import hint, quoted
from notifications.core.values import value

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60

MAX_WINDOW_CHARS = 128
"""How long the text of a window may be; all days, and the longest name of a zone, take half of that."""

HORIZON_DAYS = 15
"""How far ahead the next change is searched for. A window that clocks skip one week opens the week after."""

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
"""Times beyond these count as these, because near the ends of the calendar there is no local time."""

_FORM = "expected days, times and a time zone, like 'sat,sun 00:00-24:00 Asia/Seoul'"
_RANGE = 3
"""How many days in a row are written as a range."""


@value
class Window:
    """A window of local time.

    ``days``: on which it begins, 0 is Monday. ``begin``, ``end``: minutes since midnight of that day; an end
    beyond 24 hours is on the day after.
    """

    days: tuple[int, ...]
    begin: int
    end: int
    zone: str

    def __str__(self) -> str:
        return f"{_days_text(self.days)} {_clock(self.begin)}-{_clock(self.end)} {self.zone}"

    def has(self, day: int, minute: int) -> bool:
        """Return whether it is open at a minute of a day of the week."""
        if day in self.days and self.begin <= minute < self.end:
            return True
        return minute + DAY_MINUTES < self.end and (day - 1) % len(DAYS) in self.days


def parse(text: str) -> Window:
    """Read a window.

    Raises:
        InvalidRequest: it is malformed; the error names the nearest day or zone.
    """
    parts = text.split() if len(text) <= MAX_WINDOW_CHARS else []
    if len(parts) != len(("days", "times", "zone")):
        raise InvalidRequest(f"{quoted(text)} is not a weekly window: {_FORM}")
    days, times, zone = parts
    fault = zones.fault(zone)
    if fault is not None:
        raise InvalidRequest(fault)
    begin, end = _times(times)
    return Window(_days(days), begin, end, zone)


class Timetable:
    """Windows, any of which may be open."""

    def __init__(self, windows: Sequence[Window]) -> None:
        self._by_zone: dict[str, list[Window]] = {}
        for window in windows:
            self._by_zone.setdefault(window.zone, []).append(window)

    def is_open(self, at: datetime) -> bool:
        """Return whether a window is open."""
        return self._is_open(min(max(at, FIRST), LAST))

    def next_change(self, at: datetime) -> datetime | None:
        """Return when it next opens or closes; None if it never does."""
        at = min(max(at, FIRST), LAST)
        before = self._is_open(at)
        return next((moment for moment in self._moments(at) if self._is_open(moment) != before), None)

    def _is_open(self, at: datetime) -> bool:
        for name, windows in self._by_zone.items():
            local = at.astimezone(zones.zone(name))
            day, minute = local.weekday(), 60 * local.hour + local.minute
            if any(window.has(day, minute) for window in windows):
                return True
        return False

    def _moments(self, at: datetime) -> Iterator[datetime]:
        """Yield the moments after ``at`` at which it may open or close, in order."""
        found: set[datetime] = set()
        for name, windows in self._by_zone.items():
            zone = zones.zone(name)
            minutes = {minute % DAY_MINUTES for window in windows for minute in (window.begin, window.end)}
            found.update(_shown(zone, at, minutes))
            found.update(_transitions(zone, at))
        yield from sorted(moment for moment in found if moment > at)


def _shown(zone: tzinfo, at: datetime, minutes: Collection[int]) -> Iterator[datetime]:
    """Yield the moments at which clocks show these minutes of a day; both, if they show one twice."""
    first = datetime.combine(at.astimezone(zone).date() - timedelta(days=1), time())
    for number in range(HORIZON_DAYS + 2):
        for minute in minutes:
            local = first + timedelta(days=number, minutes=minute)
            for fold in (0, 1):
                yield local.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _transitions(zone: tzinfo, at: datetime) -> Iterator[datetime]:
    """Yield the moments at which clocks change: a window may open or close then, at neither of its ends."""
    before = at
    for number in range(HORIZON_DAYS + 1):
        after = at + timedelta(days=number + 1)
        if _offset(zone, before) != _offset(zone, after):
            yield _transition(zone, before, after)
        before = after


def _transition(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """Find the second at which the offset of ``before`` has become that of ``after``."""
    offset = _offset(zone, before)
    while (apart := int((after - before).total_seconds())) > 1:
        middle = before + timedelta(seconds=apart // 2)
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: tzinfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _days(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = part.partition("-")
        begin = _day(first)
        end = _day(last) if dash else begin
        found.update((begin + number) % len(DAYS) for number in range((end - begin) % len(DAYS) + 1))
    return tuple(sorted(found))


def _day(name: str) -> int:
    if name not in DAYS:
        raise InvalidRequest(
            f"{quoted(name)} is not a day: expected {', '.join(DAYS)}, or a range like mon-fri"
            f"{hint(name, DAYS)}"
        )
    return DAYS.index(name)


def _times(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    begin, end = _minute(first, text), _minute(last, text)
    if begin in {DAY_MINUTES, end}:
        raise InvalidRequest(
            f"{quoted(text)} must begin from 00:00 to 23:59, and end at another time;"
            " a whole day is 00:00-24:00"
        )
    return begin, end if end > begin else end + DAY_MINUTES


def _minute(text: str, whole: str) -> int:
    hour, _, minute = text.partition(":")
    if all(part.isascii() and part.isdigit() and len(part) == len("00") for part in (hour, minute)):
        found = 60 * int(hour) + int(minute)
        if found <= DAY_MINUTES and int(minute) < 60:  # noqa: PLR2004 - minutes of an hour
            return found
    raise InvalidRequest(f"{quoted(whole)} is not a time of day: expected from and to, like 22:00-06:30")


def _clock(minute: int) -> str:
    shown = minute if minute <= DAY_MINUTES else minute - DAY_MINUTES
    return f"{shown // 60:02}:{shown % 60:02}"


def _days_text(days: Sequence[int]) -> str:
    """Write days, ranges where there are three or more in a row."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) >= _RANGE else ",".join(DAYS[day] for day in run)
        for run in runs
    )
