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

    ``event_id``, ``event_type``: what a default message needs besides.
    """

    __slots__ = ("event_id", "event_type")

    def __init__(
        self, values: Mapping[str, Any] | None = None, event_id: str = "", event_type: EventType | None = None
    ) -> None:
        super().__init__(values or {})
        self.event_id = event_id
        self.event_type = event_type

    def having(self, more: Mapping[str, Any]) -> "Variables":
        """Return these variables and more, such as what once-per and digests tell."""
        return Variables({**self, **more}, self.event_id, self.event_type)
