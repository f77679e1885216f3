"""Periods as people write them: ``30s``, ``10m``, ``2h``, ``7d``."""

import re

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_PERIOD = re.compile("([0-9]{1,9})([smhd])")


def parse(text: str) -> int | None:
    """Return the seconds of a period; None if the text is not a period."""
    found = _PERIOD.fullmatch(text.strip().lower())
    return int(found[1]) * _SECONDS[found[2]] if found else None


def written(seconds: int) -> str:
    """Write a period in the largest unit that it is a multiple of."""
    size, unit = max((size, unit) for unit, size in _SECONDS.items() if seconds % size == 0)
    return f"{seconds // size}{unit}"
