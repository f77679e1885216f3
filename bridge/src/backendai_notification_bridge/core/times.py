"""Times as text, and back."""

from datetime import UTC, datetime


def written(at: datetime) -> str:
    """Write a time in UTC, as RFC 3339 does, with microseconds if it has any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read(text: object) -> datetime | None:
    """Read an ISO 8601 time; without a zone it is UTC. None if it is no time."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def of_milliseconds(milliseconds: int) -> datetime | None:
    """Return a stream id's time. None if the calendar lacks it: whoever adds an entry may choose its id."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
