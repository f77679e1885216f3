"""Gather all faults of a document, each with its place, before anything is written."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from notifications.core.errors import ConfigurationFaults, NotificationError, Unavailable

Place = tuple[str | int, ...]
"""A section, a key, and the members that lead to the fault."""

_NAMED = re.compile(r"([A-Za-z_]+(?:\.[^\s:,]+)*): ", re.ASCII)
"""The beginning of a message that names the member of a request that it is about."""

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
        """Note the error that a check of an entry raises as a fault, and go on after it.

        ``members``: what an entry calls each member of a request that a message may begin with. ``default``:
        where the fault is if the message begins with none of them.

        Raises:
            Unavailable: the check raised it, which is no fault of the document.
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
        """Refuse the document if it has faults.

        Raises:
            ConfigurationFaults: it has; the error has all of them.
        """
        if not self._found:
            return
        errors = [{"type": "invalid", "loc": [*place], "msg": message} for place, message in self._found]
        first = f"{'.'.join(map(str, self._found[0][0]))}: {self._found[0][1]}"
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise ConfigurationFaults(first + more, {"errors": errors})


def _step(part: str) -> str | int:
    return int(part) if part.isdigit() else part


def _rules(error: NotificationError) -> str:
    """Say which rules a change would break, and why."""
    rules = (error.data or {}).get("rules", ())
    broken = "; ".join(f"{rule['name']} ({rule['id']}): {rule.get('msg', 'uses it')}" for rule in rules)
    return f": {broken}" if broken else ""
