"""What the tests' own harness promises: nothing waits for ever, and signals are heard."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.common import ROOT

pytestmark = pytest.mark.slow


LIMIT_SECONDS = 120.0

WAITS = {
    "a queue": "queue.Queue().get()",
    "a thread": "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    "    threading.enumerate()[-1].join()",
    "a process": "with subprocess.Popen(['sleep', '60']) as process: process.communicate()",
    "a socket": "socket.create_server(('127.0.0.1', 0)).accept()",
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_a_test_that_waits_for_ever_fails(tmp_path: Path, wait: str) -> None:
    """Whatever a test waits for, it fails when its time is over, and the next one runs."""
    tests = tmp_path / "test_it.py"
    tests.write_text(
        "import queue, socket, subprocess, threading, time\n\n"
        f"def test_waits():\n    {wait}\n\n"
        "def test_next():\n    pass\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.limits",
        "-p",
        "no:cacheprovider",
        "--rootdir",
    ]
    ran = subprocess.run(
        [*command, tmp_path, tests],
        cwd=ROOT,
        env=os.environ | {"TEST_SECONDS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )
    assert "takes more than 1 s" in ran.stdout, ran
    assert "1 failed, 1 passed" in ran.stdout, ran


def test_signals_are_heard_though_the_shell_has_them_ignored() -> None:
    """Started in the background, where a shell has SIGINT ignored, the tests of Ctrl-C pass all the same."""
    code = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); "
        "os.execv(sys.executable, [sys.executable, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', "
        "'-k', 'ctrl_c', 'tests/unit/cli/test_cli_failures.py'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )
    assert ran.returncode == 0, ran
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
