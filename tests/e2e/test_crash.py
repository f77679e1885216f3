"""A local stack that is killed, and one that is asked for more than it can be."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.common import StackError, free_port
from local.ministack import Ministack

SAVE_SECONDS = 0.2
WAIT_SECONDS = 60.0


@pytest.fixture
def ministack(tmp_path: Path) -> Iterator[Ministack]:
    """Run one that saves often, with nothing deployed to it."""
    process = Ministack(tmp_path, free_port(), SAVE_SECONDS, ends_with_starter=True)
    process.start(print)
    yield process
    process.stop()


def kill(ministack: Ministack) -> None:
    """End it as a crash does."""
    pid = ministack.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_a_crash_loses_only_what_came_after_the_last_save(ministack: Ministack) -> None:
    """What was there when the last save began is there after a kill and a start."""
    parameters = ministack.client("ssm")
    parameters.put_parameter(Name="kept", Value="before the crash", Type="String")
    deadline = time.monotonic() + WAIT_SECONDS
    saved = ministack.directory / "state" / "ssm.json"
    while not saved.exists() or "before the crash" not in saved.read_text():
        assert time.monotonic() < deadline, "no save within the time"
        time.sleep(0.05)
    kill(ministack)
    assert ministack.pid() is None
    ministack.start(print)
    assert parameters.get_parameter(Name="kept")["Parameter"]["Value"] == "before the crash"


def test_a_save_disturbs_no_request(ministack: Ministack) -> None:
    """Requests are answered rightly while saves go on beside them, each of them anew."""
    parameters = ministack.client("ssm")
    saved = ministack.directory / "state" / "ssm.json"
    seen: set[int] = set()
    deadline = time.monotonic() + WAIT_SECONDS
    count = 0
    while len(seen) < 3:
        assert time.monotonic() < deadline, "fewer than three saves within the time"
        parameters.put_parameter(Name="count", Value=str(count), Type="String", Overwrite=True)
        assert parameters.get_parameter(Name="count")["Parameter"]["Value"] == str(count)
        count += 1
        if saved.exists():
            seen.add(saved.stat().st_mtime_ns)


def test_a_second_port_is_refused(ministack: Ministack) -> None:
    """Asked for another port, a running stack goes on where it is, and says how to move it."""
    before = ministack.pid()
    other = Ministack(ministack.directory, free_port())
    with pytest.raises(StackError, match=rf"runs on port {ministack.port}.* make down && make up PORT="):
        other.start(print)
    assert ministack.pid() == before
    assert other.running_port() == ministack.port
