r"""Texts with stars: ``*`` is any text, also none; ``\*`` is a star and ``\\`` a backslash.

A wildcard is split at its stars. The first and the last piece must be at the ends of a text. Each other piece
is searched for after the previous one, and its first occurrence is as good as any, so no piece is searched
for twice.
"""

from collections.abc import Callable

from notifications.core.conditions.model import MAX_STARS, ConditionError
from notifications.core.nearest import quoted


def check(wildcard: str, place: str) -> None:
    """Refuse a malformed wildcard.

    Raises:
        ConditionError: it has two stars in a row, too many of them, or a backslash that escapes nothing.
    """
    found = pieces(wildcard)
    if found is None:
        raise ConditionError(place, rf"{quoted(wildcard)}: a backslash stands before * or \; write it twice")
    if not all(found[1:-1]):
        raise ConditionError(place, f"{quoted(wildcard)} has two stars in a row; one says the same")
    if len(found) - 1 > MAX_STARS:
        raise ConditionError(place, f"{quoted(wildcard)} has more than {MAX_STARS} stars")


def pieces(wildcard: str) -> list[str] | None:
    """Split a wildcard at its stars; None if a backslash in it escapes nothing."""
    found = [""]
    characters = iter(wildcard)
    for character in characters:
        if character == "*":
            found.append("")
            continue
        if character == "\\":
            character = next(characters, "")  # noqa: PLW2901 - the escaped character replaces it
            if character not in ("*", "\\"):
                return None
        found[-1] += character
    return found


def escaped(text: str) -> str:
    """Write a text so that it stands for itself in a wildcard."""
    return text.replace("\\", "\\\\").replace("*", "\\*")


def matcher(wildcard: str) -> Callable[[str], bool]:
    """Make the predicate that is true for texts that match a checked wildcard."""
    first, *others = pieces(wildcard) or [""]
    if not others:
        return lambda text: text == first
    *middle, last = others
    least = len(first) + sum(map(len, middle)) + len(last)

    def fits(text: str) -> bool:
        if len(text) < least or not text.startswith(first) or not text.endswith(last):
            return False
        at, end = len(first), len(text) - len(last)
        for piece in middle:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return fits


def searched(wildcard: str) -> list[str]:
    """Return the pieces that are searched for anywhere in a text."""
    return (pieces(wildcard) or [])[1:-1]
