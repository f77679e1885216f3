"""A benchmark that hangs ends by itself."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from local.common import StackError


@contextmanager
def limited(seconds: int, what: str) -> Iterator[None]:
    """End what runs too long, wherever it waits; what it started is ended on the way out.

    Raises:
        StackError: it did not end in time.
    """

    def end(_number: int, _frame: object) -> None:
        raise StackError(f"{what} has not ended after {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
