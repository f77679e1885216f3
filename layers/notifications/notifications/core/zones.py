"""The time zones of the IANA database, from the pinned package tzdata, so that they are alike everywhere."""

from datetime import UTC, tzinfo
from functools import lru_cache

from notifications.core.nearest import hint, quoted

KEPT = 64
"""How many zones are kept in memory; loading one takes a tenth of a millisecond."""


def fault(name: str) -> str | None:
    """Say that there is no such zone, and which is the nearest; None if there is such a zone."""
    if name in _names():
        return None
    return f"{quoted(name)} is not a time zone of the IANA database{hint(name, _names())}"


@lru_cache(maxsize=KEPT)
def zone(name: str) -> tzinfo:
    """Return a zone that exists."""
    import zoneinfo  # noqa: PLC0415 - most processes never need it

    if zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(to=())  # the system's data are as old as the system
    return zoneinfo.ZoneInfo(name)


def or_utc(name: str | None) -> tzinfo:
    """Return a zone; UTC if none is given, or if it no longer exists, because messages must be sent."""
    return zone(name) if name is not None and name in _names() else UTC


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    import pkgutil  # noqa: PLC0415 - as above

    return frozenset((pkgutil.get_data("tzdata", "zones") or b"").decode().split())
