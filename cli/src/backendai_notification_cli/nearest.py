"""Guess which known name an unknown one was meant to be."""

from collections.abc import Iterable

LEAST_ALIKE = 0.5
"""How similar two names are at least, from 0 to 1, of which one may have been meant to be the other."""


def nearest(name: str, known: Iterable[str], most: int = 1) -> list[str]:
    """Return the known names that are similar, the most similar first."""
    from difflib import get_close_matches

    return get_close_matches(name, list(known), n=most, cutoff=LEAST_ALIKE)


def hint(name: str, known: Iterable[str]) -> str:
    """Say in an error which known name is the nearest; nothing if none is similar."""
    near = nearest(name, known)
    return f"; the nearest is '{near[0]}'" if near else ""
