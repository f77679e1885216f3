"""What a look has found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["good", "limited", "missing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. ``limited``: the bridge runs, but something will not come."""

    level: Level
    text: str


def good(text: str) -> Finding:
    """Find all as it should be."""
    return Finding("good", text)


def limited(text: str) -> Finding:
    """Find what will not come."""
    return Finding("limited", text)


def missing(text: str) -> Finding:
    """Find what the bridge cannot do without."""
    return Finding("missing", text)
