"""What the makers remember from one entry to the next, and across restarts."""

from typing import Protocol


class Memory(Protocol):
    """A store of texts that expire. The next ``get`` sees what was put."""

    def get(self, key: str) -> str | None:
        """Return the last text, None if there is none or it has expired."""

    def put(self, key: str, value: str, seconds: int) -> None:
        """Remember a text for a time."""
