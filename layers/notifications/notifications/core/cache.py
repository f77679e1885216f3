"""A bounded cache."""

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Values by their keys, whose sizes are at most ``most`` together; without sizes, that many values.

    If there is no room, every tenth value is dropped, no matter when it was last used. Events ask for the
    rules of their type, and for what belongs to them, in the same order each time. So with a few values too
    many, the least recently used one would always be the next one to be needed, and nothing would ever be
    found. This way three in four are found if there are a tenth too many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[K, tuple[V, int]] = {}
        self.size = 0

    def get(self, key: K) -> V | None:
        """Return the value of this key; None if there is none."""
        found = self._values.get(key)
        return None if found is None else found[0]

    def put(self, key: K, value: V, size: int = 1) -> None:
        """Keep a value of this size, unless it alone exceeds the bound."""
        if key in self._values:
            self._drop(key)
        if size > self._most:
            return
        while self.size + size > self._most:
            for dropped in [*self._values][::10]:
                self._drop(dropped)
        self._values[key] = value, size
        self.size += size

    def retain(self, wanted: Callable[[K], bool]) -> None:
        """Drop the values whose keys are not wanted."""
        for key in [key for key in self._values if not wanted(key)]:
            self._drop(key)

    def clear(self) -> None:
        """Drop everything."""
        self._values.clear()
        self.size = 0

    def _drop(self, key: K) -> None:
        self.size -= self._values.pop(key)[1]
