"""Gather all faults of a document, each with its place, before anything is written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from notifications.core.errors import ConfigurationFaults, NotificationError, Unavailable

Place = tuple[str | int, ...]
"""A section, a key, and the members that lead to the fault."""

_NAMED = re.compile(r"([A-Za-z_]+(?:\.[^\s:,]+)*): ", re.ASCII)
"""The beginning of a message that names the member of a request that it is about."""

MAX_TRIES = 5_000
"""How many parts of a document are tried alone to tell the fault of each. A part takes up to 0.4 ms of CPU
time, so without a bound a document of 1 MiB could take a minute."""

_NONE: Mapping[str, str] = {}
_ENTRY = 2
"""How long the place of an entry is: its section and its key. Those of members are longer."""


class Faults:
    """The faults that were found, in their order.

    Entries are checked although they have faults, so that all of them are told at once. A later check sees
    something else in the place of what was faulty, and what it says of that place is not noted.
    """

    def __init__(self) -> None:
        self._found: list[tuple[Place, str]] = []
        self._places: set[Place] = set()
        self._around: set[Place] = set()
        self._tries = 0

    def __len__(self) -> int:
        return len(self._found)

    def add(self, place: Place, message: str) -> None:
        """Note a fault."""
        self.add_all([(place, message)])

    def add_all(self, faults: Iterable[tuple[Place, str]]) -> None:
        """Note what one check found, unless an earlier one has found a fault in the same member."""
        found = [*dict.fromkeys(each for each in faults if not self._is_known(each[0]))]
        self._found += found
        for place, _ in found:
            if len(place) > _ENTRY:
                self._places.add(place)
                self._around |= {place[:size] for size in range(_ENTRY + 1, len(place) + 1)}

    def may_try(self, count: int) -> bool:
        """Return whether so many more parts may be tried alone; otherwise the fault of the whole is told."""
        self._tries += count
        return self._tries <= MAX_TRIES

    def has(self, place: Place) -> bool:
        """Return whether a member has a fault, or something in it."""
        return place in self._around

    def _is_known(self, place: Place) -> bool:
        if len(place) <= _ENTRY:
            return False
        above = (place[:size] for size in range(_ENTRY + 1, len(place)))
        return self.has(place) or any(each in self._places for each in above)

    def add_refusals(
        self,
        errors: Iterable[NotificationError],
        place: Place,
        members: Mapping[str, str] = _NONE,
        default: Place = (),
    ) -> None:
        """Note what a check of an entry finds; see ``at``."""
        self.add_all([_placed(error, place, members, default) for error in errors])

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
            self.add_refusals([error], place, members, default)

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


def _placed(
    error: NotificationError, place: Place, members: Mapping[str, str], default: Place
) -> tuple[Place, str]:
    named = _NAMED.match(error.message)
    path = tuple(named[1].split(".")) if named else ()
    if named and path[0] in members:
        inner = map(_step, path[1:])
        return (*place, members[path[0]], *inner), error.message[named.end() :] + _rules(error)
    return (*place, *default), error.message + _rules(error)


def _step(part: str) -> str | int:
    return int(part) if part.isdigit() else part


def _rules(error: NotificationError) -> str:
    """Say which rules a change would break, and why."""
    rules = (error.data or {}).get("rules", ())
    broken = "; ".join(f"{rule['name']} ({rule['id']}): {rule.get('msg', 'uses it')}" for rule in rules)
    return f": {broken}" if broken else ""
