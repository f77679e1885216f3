"""Times as RFC 3339 and ISO 8601 write them, wherever they come from."""

import re
from datetime import UTC, datetime, timedelta

_LEAP_SECOND = re.compile(r"(.{10}T[0-9]{2}:?[0-9]{2}:?)60(.*)")


def parse(text: str) -> datetime:
    """Read a time; one without an offset is UTC.

    RFC 3339 takes ``t`` and ``z`` as well, and second 60, which is the first one of the next minute here.

    Raises:
        ValueError: it is none, or at an end of the calendar where it is none in UTC.
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
