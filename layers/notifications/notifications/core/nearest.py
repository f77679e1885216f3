"""Guess which known name an unknown one was meant to be. Names are untrusted, so the cost is bounded."""

from collections.abc import Iterable

from notifications.core.texts import cut

MAX_NAME_CHARS = 128
"""The longest name that is compared; nobody mistypes a longer one."""

MAX_NAMES = 1_000
"""How many known names are compared at first, by the pairs of letters that they share."""

MAX_FINALISTS = 5
"""How many of them are then compared letter by letter."""


LEAST_ALIKE = 0.5
"""How similar two names must be, from 0 to 1, for one to be a likely mistake for the other."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most similar; None if none is similar."""
    if len(name) > MAX_NAME_CHARS:
        return None
    import difflib  # noqa: PLC0415 - only mistakes need it, and it takes 1 ms of a start

    wanted = _pairs(name)
    compared = sorted(other for other in known if len(other) <= MAX_NAME_CHARS)[:MAX_NAMES]
    compared.sort(key=lambda other: -_alike(wanted, _pairs(other)))
    found = difflib.get_close_matches(name, compared[:MAX_FINALISTS], n=1, cutoff=LEAST_ALIKE)
    return found[0] if found else None


def hint(name: str, known: Iterable[str]) -> str:
    """Say in an error which known name is the nearest; nothing if none is similar."""
    near = nearest(name, known)
    return f"; the nearest is {quoted(near)}" if near else ""


def quoted(name: str) -> str:
    """Quote a name for an error message, shortened if it is long."""
    return repr(cut(name))


def _pairs(name: str) -> set[str]:
    padded = f" {name.lower()} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / (len(one) + len(other))
