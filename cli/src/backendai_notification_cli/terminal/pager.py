"""Long output on a terminal, in the pager that PAGER names."""

import os
import shutil
import signal
import subprocess
import sys

import click

from backendai_notification_cli.terminal.choice import chosen, on_terminal

FALLBACK = (80, 24)
"""The size to assume where there is no terminal."""

UNBOUNDED = 1_000_000

NOT_STARTED = (126, 127)
"""The exit codes of a shell that cannot run a program, or finds none."""

LESS = "FRX"
"""Less ends by itself if all fits on the screen, keeps colours, and leaves the text there."""


def columns() -> int:
    """Return the width of the terminal."""
    return shutil.get_terminal_size(FALLBACK).columns


def table_columns() -> int:
    """Return how wide a table may be: in a pipe nothing of it is cut, unless COLUMNS says how wide it is."""
    return columns() if on_terminal() or "COLUMNS" in os.environ else UNBOUNDED


def write(text: str) -> None:
    """Write finished output to stdout; if it is longer than the terminal is high, through the pager."""
    command = _command() if _is_long(text) else None
    if command is None:
        click.echo(text)
        return
    if click.get_current_context().color is False:
        text = click.unstyle(text)
    sys.stdout.flush()
    # Ctrl-C belongs to the pager as long as it runs.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ended = subprocess.run(  # noqa: S602 - PAGER is a command with arguments, as for git and man
            command, shell=True, input=f"{text}\n".encode(), env={"LESS": LESS, **os.environ}, check=False
        )
    finally:
        signal.signal(signal.SIGINT, before)
    if ended.returncode in NOT_STARTED:
        click.echo(text)


def _is_long(text: str) -> bool:
    # One line is the prompt's.
    return on_terminal() and text.count("\n") + 1 >= shutil.get_terminal_size(FALLBACK).lines


def _command() -> str | None:
    if not chosen().pager or sys.stdin is None or not sys.stdin.isatty() or os.environ.get("TERM") == "dumb":
        return None
    named = os.environ.get("PAGER")
    if named is None:
        return "less" if shutil.which("less") else None
    return named.strip() if named.strip() not in {"", "cat"} else None
