"""A local stack of tests ends with them, whichever way they end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.common import ROOT, free_port
from local.ministack import Ministack
from local.waiting import until

START = """
import time
from pathlib import Path
from local.ministack import Ministack

def start():
    ministack = Ministack(Path({directory!r}), {port}, ends_with_starter=True)
    ministack.start(print)
    return ministack
"""

KILLED = START + "start(); time.sleep(600)"

INTERRUPTED = (
    START
    + """
import pytest

@pytest.fixture(scope="session")
def stack():
    stack = start()
    yield
    stack.stop()

@pytest.fixture
def what_takes_long_to_end(stack):
    yield
    time.sleep(600)

def test_waits(what_takes_long_to_end):
    Path({directory!r}, "waits").touch()
    time.sleep(600)
"""
)


@contextmanager
def running(*command: str | Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program in a process group of its own, as a shell does."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(60)


@pytest.fixture
def ministack(tmp_path: Path) -> Iterator[Ministack]:
    """Have the place of one that another process starts."""
    ministack = Ministack(tmp_path, free_port())
    yield ministack
    ministack.stop()


def test_it_ends_when_its_starter_is_killed(ministack: Ministack) -> None:
    """Nobody is left to stop a stack whose starter was killed: it stops by itself."""
    code = KILLED.format(directory=str(ministack.directory), port=ministack.port)
    with running("-c", code) as starter:
        pid = until("it runs", ministack.pid)
        starter.kill()
        starter.wait(60)
        assert until("it has ended", lambda: not Path(f"/proc/{pid}").exists())


def test_ctrl_c_while_tests_end_slowly(ministack: Ministack) -> None:
    """Ctrl-C ends the stack even if one fixture ends so slowly that the ends of the others are skipped."""
    tests = ministack.directory / "test_it.py"
    tests.write_text(INTERRUPTED.format(directory=str(ministack.directory), port=ministack.port))
    options = ("-p", "no:cacheprovider", "-p", "tests.limits", "--numprocesses", "1", "--rootdir")
    with running("-m", "pytest", *options, ministack.directory, tests) as run:
        until("the test waits", (ministack.directory / "waits").exists)
        pid = ministack.pid()
        os.killpg(run.pid, signal.SIGINT)
        run.wait(120)
        assert until("it has ended", lambda: not Path(f"/proc/{pid}").exists())
