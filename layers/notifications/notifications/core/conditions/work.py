"""What it may cost to try a condition: the lists of an event can be long, and are looked through."""

from typing import Any

from notifications.core.conditions.fields import scalars
from notifications.core.errors import NotificationError

MAX_STEPS = 100_000
"""What it may cost to look through the lists of an event: one step compares one value."""


class ConditionTooExpensive(NotificationError):
    """A condition that takes too many steps with an event whose lists are long."""


class Work:
    """The steps that are left, and the values of each list that was looked through."""

    __slots__ = ("_left", "_lists")

    def __init__(self) -> None:
        self._left = MAX_STEPS
        self._lists: dict[int, list[Any]] | None = None

    def spend(self, steps: int) -> None:
        """Take some.

        Raises:
            ConditionTooExpensive: there are none left.
        """
        self._left -= steps
        if self._left < 0:
            raise ConditionTooExpensive(
                f"its condition takes more than {MAX_STEPS:,} steps with this event's lists"
            )

    def scalars(self, values: list[Any]) -> list[Any]:
        """List the values in a list that are no objects: once, however many leaves test them."""
        self._lists = self._lists or {}
        found = self._lists.get(id(values))
        if found is None:
            self.spend(len(values))
            found = self._lists[id(values)] = scalars(values)
        return found

    def objects(self, values: list[Any]) -> list[dict[str, Any]]:
        """List the objects in a list."""
        self.spend(len(values))
        return [one for one in scalars(values, objects=True) if type(one) is dict]
