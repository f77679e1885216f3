"""The command line in a pseudo-terminal."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import backendai_notification_cli

PACKAGES = Path(backendai_notification_cli.__file__).parents[1]
TIMEOUT = 60
CTRL_C = "\x03"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
DONE = {"NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PAGER", "LESS", "COLUMNS", "LINES"}
"""Variables that a test has to set itself."""


class Seen(NamedTuple):
    """What a terminal showed, with its colours, and the program's exit code."""

    raw: str
    code: int

    @property
    def text(self) -> str:
        """Return what somebody without eyes for colours sees."""
        return COLOURS.sub("", self.raw)

    @property
    def lines(self) -> list[str]:
        """Return its lines."""
        return self.text.splitlines()


def at_terminal(
    *args: str,
    typed: Mapping[str, str] | None = None,
    size: tuple[int, int] = (100, 30),
    environment: Mapping[str, str] | None = None,
) -> Seen:
    """Run a command in a terminal of so many columns and lines.

    ``typed``: what is typed once a text has been shown; ``CTRL_C`` interrupts it.
    """
    command = (sys.executable, "-m", "backendai_notification_cli", *args)
    return in_terminal(command, typed=typed, size=size, environment=environment)


def in_terminal(
    command: Sequence[str],
    *,
    typed: Mapping[str, str] | None = None,
    size: tuple[int, int] = (100, 30),
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Seen:
    """Run any program as ``at_terminal`` does."""
    primary, secondary = pty.openpty()
    fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in DONE}
    process = subprocess.Popen(
        command,
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
        env={
            **inherited,
            "PYTHONPATH": str(PACKAGES),
            "TERM": "xterm",
            "PAGER": "cat",
            **(environment or {}),
        },
        cwd=folder,
        start_new_session=True,
        preexec_fn=_takes_the_terminal,  # noqa: PLW1509 - nothing else runs in the child before it
    )
    os.close(secondary)
    try:
        shown = _read(primary, dict(typed or {}))
        return Seen(shown.replace("\r\n", "\n"), process.wait(timeout=TIMEOUT))
    finally:
        process.kill()
        os.close(primary)


def _takes_the_terminal() -> None:
    """Have the terminal be the program's, so that what is typed can interrupt it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read(primary: int, typed: dict[str, str]) -> str:
    shown, end = b"", time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        if not select.select([primary], [], [], 1)[0]:
            continue
        try:
            part = os.read(primary, 65536)
        except OSError:  # the program has ended, and Linux says so in this way
            break
        if not part:
            break
        shown += part
        for prompt in [prompt for prompt in typed if prompt.encode() in shown]:
            os.write(primary, typed.pop(prompt).encode())
    return shown.decode()
