"""Parse times in RFC 3339 and ISO 8601."""

import re
from datetime import UTC, datetime, timedelta

_LEAP_SECOND = re.compile(r"(.{10}T[0-9]{2}:?[0-9]{2}:?)60(.*)")


def parse(text: str) -> datetime:
    """Parse a time; one without an offset is UTC.

    RFC 3339 also allows ``t``, ``z`` and second 60, which becomes the first second of the next minute.

    Raises:
        ValueError: it is not a time, or it is outside of the calendar in UTC.
    """
    upper = text.upper()
    leap = _LEAP_SECOND.fullmatch(upper)
    found = datetime.fromisoformat(f"{leap[1]}59{leap[2]}" if leap else upper)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        found = found + timedelta(seconds=1) if leap else found
        found.astimezone(UTC)
    except OverflowError:
        raise ValueError("the calendar has no such time in UTC") from None
    return found
