"""Find the objects that entries refer to: by a key of the document, or by id or name outside of the set."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from configuration_api.faults import Faults, Place
from configuration_api.world import Objects
from notifications.core.errors import EntityNotFound
from notifications.core.nearest import hint, quoted
from notifications.core.search import Summary
from notifications.core.texts import lowered

T = TypeVar("T")


class References(Generic[T]):
    """References to channels, or to rules.

    ``keys``: the ids of the document's own objects by key; None for an object that has faults itself.
    ``summaries``: lists all stored objects; it is called once at most.
    """

    def __init__(
        self,
        kind: str,
        objects: Objects[T],
        keys: Mapping[str, str | None],
        summaries: Callable[[], Sequence[Summary]],
        faults: Faults,
    ) -> None:
        self._kind = kind
        self._objects = objects
        self._keys = keys
        self._summaries: Callable[[], Sequence[Summary]] = cache(summaries)
        self._faults = faults

    def find(self, given: Any, place: Place) -> T | None:
        """Return the object that a reference means; None if it has faults or, a fault itself, is missing."""
        match given:
            case str():
                return self._by_key(given, place)
            case {"id": str(identity), **rest} if not rest:
                return self._by_id(identity, (*place, "id"))
            case {"name": str(name), **rest} if not rest:
                return self._by_name(name, place)
        self._faults.add(
            place,
            f"expected a key of this document, or {{id: ...}} or {{name: ...}} of another {self._kind}",
        )
        return None

    def _by_key(self, key: str, place: Place) -> T | None:
        if key not in self._keys:
            if any(summary.name == key for summary in self._summaries()):
                message = f"; if the one outside of the set is meant, write {{name: {key}}}"
            else:
                message = hint(key, self._keys)
            self._faults.add(place, f"this document has no {self._kind} {quoted(key)}{message}")
            return None
        identity = self._keys[key]
        return None if identity is None else self._objects.get(identity)

    def _by_id(self, identity: str, place: Place) -> T | None:
        try:
            return self._get(str(UUID(identity)), place)
        except ValueError:
            self._faults.add(place, f"{quoted(identity)} is not an id")
            return None

    def _get(self, identity: str, place: Place) -> T | None:
        try:
            return self._objects.get(identity)
        except EntityNotFound as error:
            self._faults.add(place, lowered(error.message))
            return None

    def _by_name(self, name: str, place: Place) -> T | None:
        found = [summary.id for summary in self._summaries() if summary.name == name]
        own = [key for key, identity in self._keys.items() if identity in found]
        if len(found) == 1 and not own:
            return self._get(found[0], (*place, "name"))
        if own:  # this document may change the name, but not the key
            message = f"{quoted(name)} is of this document: write its key, {' or '.join(own)}"
        elif found:
            message = f"{len(found)} {self._kind}s are named {quoted(name)}: give the id"
        else:
            near = hint(name, (summary.name for summary in self._summaries()))
            message = f"there is no {self._kind} {quoted(name)}{near}"
        self._faults.add((*place, "name"), message)
        return None
