"""What is kept in memory as long as there is room for it, by what it takes."""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by their keys, which take no more than ``most`` bytes together.

    When there is no more room, every tenth value is dropped, whenever it was used. Events ask for the
    templates of their rules in the same order each time, so with a few too many, the least recently used one
    would always be the one that is needed next, and nothing would be found any more. This way, of values that
    are a tenth too many, three in four are found.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[K, tuple[V, int]] = {}
        self.size = 0

    def get(self, key: K) -> V | None:
        """Return what is kept by this key; None if nothing is."""
        found = self._values.get(key)
        return None if found is None else found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value that takes so many bytes, unless it takes more than there is room for."""
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
