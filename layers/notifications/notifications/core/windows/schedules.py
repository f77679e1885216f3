"""When a digest closes: some time after it was opened, or daily at a local time."""

import re
from datetime import UTC, date, datetime, time, timedelta

from notifications.core import periods, zones
from notifications.core.errors import InvalidRequest
from notifications.core.nearest import quoted
from notifications.core.values import value

MIN_SECONDS = 10
MAX_SECONDS = 7 * 24 * 3_600
"""How long a digest may collect."""

_DAILY = re.compile(r"daily@([0-9]{1,2}):([0-9]{2})(?:\[([^\[\]]*)\])?")
_UTC = "UTC"


class ScheduleError(InvalidRequest):
    """A digest's period that cannot be parsed."""


@value
class Every:
    """A number of seconds after the digest was opened."""

    seconds: int


@value
class Daily:
    """At a local time of each day in a zone of the IANA database."""

    at: time
    zone: str


Schedule = Every | Daily


def parse(text: str) -> Schedule:
    """Parse ``5m``, ``2h``, or ``daily@09:00[Asia/Seoul]``, by default in UTC.

    Raises:
        ScheduleError: it is none of these; for an unknown zone, the error names the nearest one.
    """
    given = text.strip()
    daily = _DAILY.fullmatch(given)
    if daily is not None:
        return _daily(given, *daily.groups())
    seconds = periods.parse(given)
    if seconds is None:
        raise ScheduleError(
            f"{quoted(text)} is not a digest's period: expected 30s, 5m, 2h, 1d or daily@09:00[Asia/Seoul]"
        )
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        least, most = periods.written(MIN_SECONDS), periods.written(MAX_SECONDS)
        raise ScheduleError(f"{quoted(text)}: a digest collects for {least} to {most}")
    return Every(seconds)


def closes_at(schedule: Schedule, opened: datetime) -> datetime:
    """Return when a digest that was opened at this time closes.

    A daily time that a clock change skips is later by as much as the clock was put forward; one that comes
    twice counts only the first time.
    """
    match schedule:
        case Every():
            return opened + timedelta(seconds=schedule.seconds)
        case Daily():
            return _next(schedule, opened)


def written(schedule: Schedule) -> str:
    """Write a schedule in one spelling, however it was given."""
    match schedule:
        case Every():
            return periods.written(schedule.seconds)
        case Daily():
            return f"daily@{schedule.at:%H:%M}[{schedule.zone}]"


def _daily(text: str, hour: str, minute: str, zone: str | None) -> Daily:
    try:
        at = time(int(hour), int(minute))
    except ValueError:
        raise ScheduleError(f"{quoted(text)}: {hour}:{minute} is not a time of day") from None
    name = _UTC if zone is None else zone
    fault = zones.fault(name)
    if fault is not None:
        raise ScheduleError(f"{quoted(text)}: {fault}")
    return Daily(at, name)


def _next(daily: Daily, after: datetime) -> datetime:
    zone = zones.zone(daily.zone)
    first = after.astimezone(zone).date() - timedelta(days=1)
    # A zone may skip a day, so the local date alone does not determine the next one.
    moments = (_moment(daily, first + timedelta(days=number)) for number in range(4))
    return min(moment for moment in moments if moment > after)


def _moment(daily: Daily, day: date) -> datetime:
    # ``fold`` is 0, which means the first of a time that comes twice, and the earlier offset of a skipped
    # one.
    return datetime.combine(day, daily.at, zones.zone(daily.zone)).astimezone(UTC)
