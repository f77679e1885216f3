"""What the modules of the local stack share."""

import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

Tell = Callable[[str], None]
"""Shows a line of progress."""


LINE_SECONDS = 60.0
"""How long a process that was just started may take to say where it listens."""


class StackError(Exception):
    """Something about the local stack that its user must put right."""


def free_port() -> int:
    """Find a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_line(stream: IO[str] | None, seconds: float = LINE_SECONDS) -> str:
    """Read the first line that a process says on a pipe.

    Raises:
        StackError: It says nothing within ``seconds``, or ended.
    """
    if stream is None or not select.select([stream], [], [], seconds)[0]:
        raise StackError(f"A process that was started says nothing within {seconds:g} s")
    line = stream.readline()
    if not line:
        raise StackError("A process that was started ended before it said anything")
    return line


def plain_env() -> dict[str, str]:
    """Return this process's environment without what would lead AWS's tools, Python or make elsewhere.

    No proxy is asked for what runs on this machine.
    """
    aws = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"}
    python = {"PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS"}
    make = {"MAKEFLAGS", "MAKELEVEL"}  # sam's builds are makes of their own
    env = {name: value for name, value in os.environ.items() if name not in aws | python | make}
    if " " in env.get("TMPDIR", ""):  # sam builds there, and make cannot work in such a place
        del env["TMPDIR"]
    for name in ("no_proxy", "NO_PROXY"):
        env[name] = ",".join(filter(None, [env.get(name), "127.0.0.1", "localhost"]))
    return env


@contextmanager
def step(tell: Tell, what: str) -> Iterator[None]:
    """Tell that something begins, and how long it took."""
    tell(f"{what} ...")
    started = time.monotonic()
    yield
    tell(f"{what}: done in {time.monotonic() - started:.1f} s")
