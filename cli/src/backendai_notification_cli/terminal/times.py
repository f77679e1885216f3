"""Times and durations as people type them: `15m`, `24h`, or an ISO 8601 time."""

import re
from datetime import UTC, datetime, timedelta

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.choice import on_terminal
from backendai_notification_cli.terminal.counts import counted

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
MAX_DISTANCE = 7 * 86400
"""From how many seconds on a table shows a time itself, and not how long ago it is."""

CLOCKS_APART = timedelta(minutes=5)
"""How far this machine's clock may be behind the service's."""

_WORDS = ((1, "second"), (60, "minute"), (3600, "hour"), (86400, "day"))
_DURATION = re.compile(r"([0-9]{1,9})([smhd])")


def parse_duration(text: str) -> int | None:
    """Return the seconds that `30s`, `15m`, `24h` or `7d` mean; None for anything else."""
    match = _DURATION.fullmatch(text.strip())
    return int(match[1]) * UNITS[match[2]] if match else None


def parse_seconds(text: str) -> int | None:
    """Return the seconds of a duration; a plain number is seconds."""
    stripped = text.strip()
    return parse_duration(f"{stripped}s" if stripped.isdigit() else stripped)


def in_words(seconds: int) -> str:
    """Count a duration in the largest unit that it is a multiple of: `36 hours`, `7 days`."""
    size, unit = max((size, unit) for size, unit in _WORDS if seconds % size == 0)
    return counted(seconds // size, unit)


def parse_time(text: str, now: datetime) -> datetime:
    """Return the time so long ago, or the one that ISO 8601 text names; without a zone it is local."""
    seconds = parse_duration(text)
    try:
        if seconds is not None:
            return now - timedelta(seconds=seconds)
        return datetime.fromisoformat(text.strip().upper()).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise CliError(
            f"'{text}' is not a time: expected 30s, 15m, 24h or 7d (ago), or an ISO 8601 time"
        ) from None


def parse_end(text: str, now: datetime, expected: str = "12h or 90d (from now)") -> datetime:
    """Return the time in so long, or the one that ISO 8601 text names; it must lie ahead.

    ``expected``: what an error names beside ISO 8601.
    """
    seconds = parse_duration(text)
    try:
        end = now + timedelta(seconds=seconds) if seconds else datetime.fromisoformat(text.strip().upper())
        end = end.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise CliError(f"'{text}' is not an end: expected {expected}, or an ISO 8601 time") from None
    if end <= now:
        raise CliError(f"'{text}' is over already: expected a time that lies ahead")
    return end


def time_option(text: str) -> datetime:
    """Parse the value of an option; durations count back from now."""
    return parse_time(text, datetime.now(UTC))


def event_time(text: str) -> str:
    """Return the time of an event: a duration counts back from now, and a time keeps its zone."""
    found = time_option(text)
    try:
        given = datetime.fromisoformat(text.strip().upper())
    except ValueError:  # a duration
        return timestamp(found)
    return (given if given.tzinfo else given.astimezone()).isoformat()


def timestamp(time: datetime) -> str:
    """Write a time as the API does: these texts sort as the times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def local_time(text: str) -> str:
    """Write the API's timestamp as the time of this machine's zone."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return text


def told_time(text: str) -> str:
    """Write the API's timestamp as local time on a terminal; elsewhere as it is, for programs."""
    return local_time(text) if on_terminal() else text


def told_distance(text: str, now: datetime) -> str:
    """Write the API's timestamp as its distance from now on a terminal; elsewhere as it is."""
    return distance(text, now) if on_terminal() else text


def distance(text: str, now: datetime) -> str:
    """Write the API's timestamp as its distance from now: `5m ago`, `in 2h`; far ones as local time."""
    try:
        time = datetime.fromisoformat(text)
        seconds = (now - time).total_seconds()
    except (ValueError, TypeError):
        return text
    if abs(seconds) >= MAX_DISTANCE:
        return local_time(text)[: len("2025-11-23 10:00")]
    told = rounded(abs(seconds))
    return f"in {told}" if seconds < 0 else f"{told} ago"


def rounded(seconds: float) -> str:
    """Count a duration in the largest unit that fits into it, rounded down: `59s`, `5m`, `2h`."""
    fitting = ((size, unit) for unit, size in reversed(UNITS.items()) if seconds >= size)
    size, unit = next(fitting, (1, "s"))
    return f"{int(seconds // size)}{unit}"


def period(since: datetime | None, until: datetime | None) -> dict[str, str]:
    """Return the query for a period, which may be open at either end."""
    if since is not None and until is not None and since >= until:
        begin, end = (local_time(timestamp(time)) for time in (since, until))
        raise click.UsageError(
            f"Nothing is between --since {begin} and --until {end}: --since is the earlier one."
        )
    if since is not None and since > datetime.now(UTC) + CLOCKS_APART:
        raise click.UsageError(f"Nothing is since {local_time(timestamp(since))}: that is still to come.")
    given = {"since": since, "until": until}
    return {name: timestamp(time) for name, time in given.items() if time is not None}
