"""What has to be remembered from one entry to the next, and over a restart."""

from typing import Protocol


class Memory(Protocol):
    """A store of texts that forgets. What is put is seen by the next ``get``."""

    def get(self, key: str) -> str | None:
        """Return what was put last, None if nothing was or its time is over."""

    def put(self, key: str, value: str, seconds: int) -> None:
        """Remember a text for a time."""
