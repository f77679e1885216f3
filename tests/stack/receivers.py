"""The webhook receivers of a stack under test: one process, which plays as many as channels name."""

from collections import Counter
from collections.abc import Iterable

from tests.stack.exchanges import ReceivedRequest
from tests.stack.helper_process import HelperProcess


class Receivers(HelperProcess):
    """``url`` and ``/RESPONDER/NAME`` are the URL of one that responds so. ``ministack``: a process id."""

    def __init__(self, ministack: int) -> None:
        super().__init__("tests.stack.receiver_server", str(ministack))

    def count(self, paths: Iterable[str]) -> int:
        """Count the requests that came to these paths."""
        counts: Counter[str] = Counter(self.ask("counts"))
        return sum(counts[path] for path in paths)

    def received(self) -> list[ReceivedRequest]:
        """Return the requests that came since the last ``forget``."""
        return [ReceivedRequest(**values) for values in self.ask("received")]

    def provoked(self) -> Counter[str]:
        """Count the faults that they have made, by path."""
        return Counter(self.ask("provoked"))

    def peak_memory(self) -> Counter[str]:
        """Return the most bytes that a sender had which was sent an endless body, by path."""
        return Counter(self.ask("peak-memory"))

    def forget(self) -> None:
        """Forget what was received so far."""
        self.ask("forget")

    def recover(self, recovered: bool = True) -> None:  # noqa: FBT001, FBT002 - it reads well
        """Let those that fail until they recover do so, or fail again."""
        self.ask("recover", recovered)
