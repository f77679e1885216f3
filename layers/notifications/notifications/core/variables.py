"""The variables of templates."""

from collections.abc import Mapping
from typing import Any

from notifications.core.model import EventType, Rule

REPEATS = frozenset({"repeats"})
"""The variable that ``once_per`` adds: how many repeats were not sent before this event."""

DIGEST = frozenset({"events", "count", "left_out", "key", "first", "last"})
"""The variables that a digest adds; the fields are then those of the last event."""


def names_besides(rule: Rule) -> frozenset[str]:
    """Return the names of the variables that a rule's once-per and digest add."""
    return (REPEATS if rule.once_per else frozenset()) | (DIGEST if rule.digest else frozenset())


class Variables(dict[str, Any]):
    """The variables of an event's templates, by name.

    ``event_id``, ``event_type``: for default messages, which also need these. ``windows``: only the variables
    that once-per and digests add, because the event may have fields with the same names.
    """

    __slots__ = ("event_id", "event_type", "windows")

    def __init__(
        self,
        values: Mapping[str, Any] | None = None,
        event_id: str = "",
        event_type: EventType | None = None,
        windows: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(values or {})
        self.event_id = event_id
        self.event_type = event_type
        self.windows = windows or {}

    def having(self, more: Mapping[str, Any]) -> "Variables":
        """Return these variables with those that once-per or a digest adds."""
        return Variables({**self, **more}, self.event_id, self.event_type, {**self.windows, **more})
