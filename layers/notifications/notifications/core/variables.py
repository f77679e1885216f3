"""What templates see of an event."""

from collections.abc import Mapping
from typing import Any

from notifications.core.model import EventType, Rule

REPEATS = frozenset({"repeats"})
"""What templates of a rule with ``once_per`` see besides: how many repeats were not sent before this."""

DIGEST = frozenset({"events", "count", "left_out", "key", "first", "last"})
"""What templates of a rule with a digest see besides; fields are those of the last event."""


def names_besides(rule: Rule) -> frozenset[str]:
    """Return what a rule's templates see besides the event."""
    return (REPEATS if rule.once_per else frozenset()) | (DIGEST if rule.digest else frozenset())


class Variables(dict[str, Any]):
    """The variables of an event's templates, by name.

    ``event_id``, ``event_type``: what a default message needs besides. ``windows``: what once-per and digests
    tell, apart from the fields of the event, of which some may have the same names.
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
        """Return these variables and what once-per or a digest tells."""
        return Variables({**self, **more}, self.event_id, self.event_type, {**self.windows, **more})
