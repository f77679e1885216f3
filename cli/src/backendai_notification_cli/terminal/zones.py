"""The time zone of this machine."""

import os
import re

_ZONE = re.compile(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*")
_ZONES = "/zoneinfo/"
_LOCALTIME = "/etc/localtime"


def local_zone() -> str | None:
    """Return the name of this machine's time zone in the IANA database; None if it does not say."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if not named:
        try:
            target = os.path.realpath(_LOCALTIME)
        except OSError:
            return None
        named = target.partition(_ZONES)[2]
    return named if _ZONE.fullmatch(named) else None
