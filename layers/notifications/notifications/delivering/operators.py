"""Tell operators what became of channels and deliveries, by operational events on the bus."""

from collections.abc import Callable, Sequence

from notifications.core.operational import OperationalEvent

Put = Callable[[Sequence[OperationalEvent]], None]
"""Puts events on the bus. It raises nothing, because no delivery may depend on that."""


class Operators:
    """Note what happens, and tell it when nothing else waits: putting an event takes a while."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._noted: list[OperationalEvent] = []

    def note(self, *events: OperationalEvent) -> None:
        """Note what has happened."""
        self._noted += events

    def tell(self) -> None:
        """Put what was noted on the bus."""
        noted, self._noted = self._noted, []
        if noted:
            self._put(noted)
