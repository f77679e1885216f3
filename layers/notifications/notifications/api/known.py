"""The objects that a request may name: those of the stores, or those that a plan would leave there."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from notifications.core.model import Channel, EventType, Rule

T_co = TypeVar("T_co", covariant=True)


class Readable(Protocol[T_co]):
    """Objects of one kind, by their ids."""

    def get(self, identity: str, /) -> T_co:
        """Read one.

        Raises:
            EntityNotFound: there is none with this id.
        """


class ReadableTypes(Readable[EventType], Protocol):
    """Event types, by their names."""

    def all(self) -> Sequence[EventType]:
        """List all of them."""


class KnownTypes(Protocol):
    """An object that has event types, like ``Services``."""

    @property
    def event_types(self) -> ReadableTypes:
        """The event types."""


class Known(KnownTypes, Protocol):
    """An object that has event types, channels and rules, like ``Services``."""

    @property
    def channels(self) -> Readable[Channel]:
        """The channels."""

    @property
    def rules(self) -> Readable[Rule]:
        """The rules."""
