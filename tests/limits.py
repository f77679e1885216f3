"""A limit for every test, and the signals of a shell for what the tests start. A plugin of pytest."""

import faulthandler
import os
import signal
from collections.abc import Generator
from functools import partial
from types import FrameType

import pytest

TEST_SECONDS = float(os.environ.get("TEST_SECONDS", "300"))
"""How long a test may take with its fixtures; the first that needs the stack takes a minute.

The mark ``seconds`` gives one that plays a whole harness more: it shares the machine with other runs.
"""

AGAIN_SECONDS = 5.0
"""When a test is interrupted again that waits again, for what it has started to end."""

LAST_RESORT_SECONDS = 60.0
"""After how much more the run ends with a trace: the test is in a library that hears no signal."""

RESTORED = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""What a shell lets its background programs ignore, and these would let ours ignore too."""


def pytest_configure(config: pytest.Config) -> None:
    """Hear signals again where the shell has this run ignore them: processes inherit that."""
    for number in RESTORED:
        if signal.getsignal(number) is signal.SIG_IGN:
            handler = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, handler)
    config.addinivalue_line("markers", "seconds(number): how long this test may take, if it needs more")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Interrupt a test that takes too long, wherever it waits."""
    mark = item.get_closest_marker("seconds")
    seconds = float(mark.args[0]) if mark else TEST_SECONDS
    signal.signal(signal.SIGALRM, partial(_over, seconds))
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    faulthandler.dump_traceback_later(seconds + LAST_RESORT_SECONDS, exit=True)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)


def _over(seconds: float, number: int, frame: FrameType | None) -> None:
    del number, frame
    pytest.fail(f"The test takes more than {seconds:g} s", pytrace=True)
