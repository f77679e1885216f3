"""Gather all that is wrong with a document, each with its place, before anything is done."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from notifications.core.errors import ConfigurationFaults, NotificationError, Unavailable

Place = tuple[str | int, ...]
"""A section, a key, and the members that lead to the fault."""

_NAMED = re.compile(r"([A-Za-z_]+(?:\.[^\s:,]+)*): ", re.ASCII)
"""How a message begins that says which member of a request it is about."""

_NONE: Mapping[str, str] = {}


class Faults:
    """The faults that were found, in their order."""

    def __init__(self) -> None:
        self._found: list[tuple[Place, str]] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, place: Place, message: str) -> None:
        """Note a fault."""
        self._found.append((place, message))

    @contextmanager
    def at(self, place: Place, members: Mapping[str, str] = _NONE, default: Place = ()) -> Iterator[None]:
        """Note what a check of an entry refuses.

        ``members``: what may stand before the message, with a colon, and what an entry calls it. ``default``:
        where the fault is if none does.

        Raises:
            Unavailable: that is no fault of the document.
        """
        try:
            yield
        except Unavailable:
            raise
        except NotificationError as error:
            named = _NAMED.match(error.message)
            path = tuple(named[1].split(".")) if named else ()
            if named and path[0] in members:
                inner = map(_step, path[1:])
                self.add((*place, members[path[0]], *inner), error.message[named.end() :] + _rules(error))
            else:
                self.add((*place, *default), error.message + _rules(error))

    def require_none(self) -> None:
        """End here if something is wrong.

        Raises:
            ConfigurationFaults: with all of it.
        """
        if not self._found:
            return
        told = [{"type": "invalid", "loc": [*place], "msg": message} for place, message in self._found]
        first = f"{'.'.join(map(str, self._found[0][0]))}: {self._found[0][1]}"
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        raise ConfigurationFaults(first + more, {"errors": told})


def _step(part: str) -> str | int:
    return int(part) if part.isdigit() else part


def _rules(error: NotificationError) -> str:
    """Say which rules a change would break, and why."""
    rules = (error.data or {}).get("rules", ())
    told = "; ".join(f"{rule['name']} ({rule['id']}): {rule.get('msg', 'uses it')}" for rule in rules)
    return f": {told}" if told else ""
