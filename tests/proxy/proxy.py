"""The proxy as a process of its own, as whoever makes faults with it has it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.stack.helper_process import HelperProcess


class Proxy(HelperProcess):
    """Runs between the functions and the APIs on ``port``, which the process ``ministack`` serves."""

    def __init__(self, ministack: int, port: int) -> None:
        super().__init__("tests.proxy", str(ministack), str(port))
        self._lasting: list[Mapping[str, Any]] = []

    def make(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Make these faults from now on; none: no more, but for those that last."""
        self.ask("faults", [*self._lasting, *faults])

    def keep_making(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Make these faults from now on, whatever others come and go; call it between those."""
        self._lasting += faults
        self.make([])

    def made(self) -> Counter[str]:
        """Count the faults that were made, by their names."""
        return Counter(self.ask("made"))

    def throttle(self, **rates: object) -> None:
        """Have DynamoDB take so much a second from now on (``Rates``); nothing given: all that comes."""
        self.ask("throttle", rates)

    def throttled(self) -> Counter[str]:
        """Count what DynamoDB has refused since ``throttle``, by table or index and kind."""
        return Counter(self.ask("throttled"))
