"""The configuration as it would be if a document were applied."""

from collections.abc import Collection, Mapping, Sequence
from typing import Generic, TypeVar

from notifications.api.known import Readable, ReadableTypes
from notifications.core.errors import EntityNotFound
from notifications.core.model import Channel, EventType, Rule
from notifications.core.revisions import RevisionKind
from notifications.store.sets import ObjectRef
from notifications.wiring import Services

T = TypeVar("T")


class Objects(Generic[T]):
    """The objects of one kind as they would be. ``gone``: the ids of those that would be deleted.

    ``made``: the document's objects by id. ``others``: the objects outside of the document that were read.
    """

    def __init__(self, kind: str, stored: Readable[T], gone: Collection[str]) -> None:
        self._kind = kind
        self._stored = stored
        self._gone = gone
        self.made: dict[str, T] = {}
        self.others: dict[str, T] = {}

    def get(self, identity: str, /) -> T:
        """Read one.

        Raises:
            EntityNotFound: there would be none.
        """
        if identity in self.made:
            return self.made[identity]
        if identity in self._gone:
            raise EntityNotFound(f"The {self._kind} {identity} would be deleted, as this document lacks it")
        if identity not in self.others:
            self.others[identity] = self._stored.get(identity)
        return self.others[identity]


class Types(Objects[EventType]):
    """The event types as they would be."""

    def __init__(self, stored: ReadableTypes, gone: Collection[str]) -> None:
        super().__init__("event type", stored, gone)
        self._all = stored.all

    def all(self) -> Sequence[EventType]:
        """List all event types that would exist."""
        stored = {each.name: each for each in self._all() if each.name not in self._gone}
        return [*(stored | self.made).values()]


class World:
    """The whole configuration as it would be. ``gone``: the ids of objects that would be deleted, by kind."""

    def __init__(self, services: Services, gone: Mapping[RevisionKind, Collection[str]]) -> None:
        self.event_types = Types(services.event_types, gone.get("event_type", ()))
        self.channels: Objects[Channel] = Objects("channel", services.channels, gone.get("channel", ()))
        self.rules: Objects[Rule] = Objects("rule", services.rules, gone.get("rule", ()))

    def referred(self) -> list[ObjectRef]:
        """List the objects outside of the set that the document refers to."""
        kinds: dict[RevisionKind, Collection[str]] = {
            "event_type": [name for name, each in self.event_types.others.items() if not each.built_in],
            "channel": self.channels.others,
            "rule": self.rules.others,
        }
        return sorted((kind, identity) for kind, identities in kinds.items() for identity in identities)
