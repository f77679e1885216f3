"""What takes long, and since when, on stderr: on a terminal in a line that what follows replaces."""

import sys
from threading import Event, Lock, Thread
from time import monotonic
from typing import Self

import click

from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.progress import ERASED

SECONDS = 1.0
"""How often the line is written anew on a terminal; what takes less than that is not told."""

LOG_SECONDS = 10.0
"""How often a line is written elsewhere: a log shows that something goes on, and is not filled with it."""


class Elapsed:
    """Tell what is being done, and for how long: ``Planning ... 3 s``; with --quiet, nothing.

    ``doing``: what, in words. ``seconds``: how often; None for what suits where it is written.
    """

    def __init__(self, doing: str, seconds: float | None = None) -> None:
        self._doing = doing
        self._is_on_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._is_quiet = sys.stderr is None or chosen().quiet
        self._seconds = seconds or (SECONDS if self._is_on_terminal else LOG_SECONDS)
        self._began = monotonic()
        self._ended = Event()
        self._lock = Lock()
        self._is_shown = False
        self._thread = Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        if not self._is_quiet:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()
        if self._is_shown:
            click.echo(ERASED, err=True, nl=False)

    def tell(self, doing: str) -> None:
        """Say at once what is being done now."""
        self._doing = doing
        if self._is_on_terminal and not self._is_quiet:
            self._write()

    def _tick(self) -> None:
        while not self._ended.wait(self._seconds):
            self._write()

    def _write(self) -> None:
        since = int(monotonic() - self._began)
        shown = f" {since} s" if since else ""
        with self._lock:
            if self._is_on_terminal:
                click.echo(f"{ERASED}{self._doing} ...{shown}", err=True, nl=False)
                self._is_shown = True
            else:
                click.echo(f"{self._doing} ...{shown}", err=True)
