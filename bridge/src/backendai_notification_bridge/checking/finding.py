"""The result of one check."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["good", "limited", "missing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the result. ``limited``: the bridge can run, but some events will not arrive."""

    level: Level
    text: str


def good(text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding("good", text)


def limited(text: str) -> Finding:
    """Say which events will not arrive."""
    return Finding("limited", text)


def missing(text: str) -> Finding:
    """Say what is missing that the bridge needs."""
    return Finding("missing", text)
