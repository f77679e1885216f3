"""Times of mutes, as people type them and as they are told."""

import re
from datetime import UTC, datetime, timedelta

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.times import parse_duration, parse_end
from backendai_notification_cli.terminal.zones import local_zone

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_PARTS = len(("days", "times"))


def parse_length(text: str) -> datetime:
    """Return the time when a duration from now is over."""
    seconds = parse_duration(text)
    if not seconds:
        raise CliError(f"'{text}' is not a length of time: expected 30m, 2h or 7d")
    try:
        return datetime.now(UTC) + timedelta(seconds=seconds)
    except OverflowError:
        raise CliError(f"'{text}' is longer than the calendar") from None


def parse_until(text: str) -> datetime:
    """Return when clocks here show a time next, as 06:00, or the time that ISO 8601 text names."""
    return next_time(text, datetime.now().astimezone()) or parse_end(text, datetime.now(UTC), "06:00")


def next_time(text: str, now: datetime) -> datetime | None:
    """Return when clocks of this machine show a time like 06:00 next; None for any other text."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    # Without its offset, because the next day may have another one.
    today = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0, tzinfo=None)
    for days in (0, 1):
        at = (today + timedelta(days=days)).astimezone(UTC)
        if at > now:
            return at
    return None


def with_zone(window: str) -> str:
    """Return a weekly window with a time zone: that of this machine if it names none.

    Raises:
        CliError: it names none, and this machine does not say which one it has.
    """
    if len(window.split()) != _PARTS:
        return window
    zone = local_zone()
    if zone is None:
        raise CliError(f"'{window}' needs a time zone, as in '{window} Asia/Seoul'")
    return f"{window.strip()} {zone}"


def shown_time(text: object, now: datetime) -> str:
    """Write the API's timestamp as local time, with the zone; without the day if that is today."""
    try:
        at = datetime.fromisoformat(str(text)).astimezone()
    except (ValueError, OverflowError, OSError):
        return str(text)
    form = "%H:%M %Z" if at.date() == now.astimezone().date() else "%Y-%m-%d %H:%M %Z"
    return at.strftime(form).strip()
