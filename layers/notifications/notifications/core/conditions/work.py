"""Bound the cost of trying a condition, because an event may have long lists, whose values are all tried."""

from typing import Any

from notifications.core.conditions.fields import scalars
from notifications.core.errors import NotificationError

MAX_STEPS = 100_000
"""How many steps a condition may take with one event; one step compares one value."""


class ConditionTooExpensive(NotificationError):
    """A condition that takes too many steps with an event whose lists are long."""


class Work:
    """The steps that are left, and the values of each list that was searched."""

    __slots__ = ("_left", "_lists")

    def __init__(self) -> None:
        self._left = MAX_STEPS
        self._lists: dict[int, list[Any]] | None = None

    def spend(self, steps: int) -> None:
        """Spend steps.

        Raises:
            ConditionTooExpensive: there are not enough left.
        """
        self._left -= steps
        if self._left < 0:
            raise ConditionTooExpensive(
                f"its condition takes more than {MAX_STEPS:,} steps with this event's lists"
            )

    def scalars(self, values: list[Any]) -> list[Any]:
        """List the values in a list without objects. Searched only once, however many leaves test them."""
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
