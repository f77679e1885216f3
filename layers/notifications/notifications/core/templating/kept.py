"""A cache that is bounded by the memory of its values."""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by their keys, which take at most ``most`` bytes together.

    If there is no room, every tenth value is dropped, whenever it was used. Events ask for the templates of
    their rules in the same order each time, so with a few values too many, the least recently used one would
    always be the next one to be needed, and nothing would be found any more. This way three in four are found
    if there are a tenth too many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[K, tuple[V, int]] = {}
        self.size = 0

    def get(self, key: K) -> V | None:
        """Return the value of this key, None if there is none."""
        found = self._values.get(key)
        return None if found is None else found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of so many bytes, unless it alone exceeds the bound."""
        if size > self._most:
            return
        while self.size + size > self._most:
            for dropped in [*self._values][::10]:
                self.size -= self._values.pop(dropped)[1]
        self._values[key] = value, size
        self.size += size

    def clear(self) -> None:
        """Drop everything."""
        self._values.clear()
        self.size = 0
