"""What takes long, and since when, on a terminal's stderr, in a line that what follows replaces."""

import sys
from threading import Event, Lock, Thread
from time import monotonic
from typing import Self

import click

from backendai_notification_cli.terminal.progress import ERASED

SECONDS = 1.0
"""How often the line is written anew; what takes less than that is not told."""


class Elapsed:
    """Tell what is being done, and for how long: ``Planning ... 3 s``. ``doing``: what, in words."""

    def __init__(self, doing: str, seconds: float = SECONDS) -> None:
        self._doing = doing
        self._seconds = seconds
        self._began = monotonic()
        self._ended = Event()
        self._lock = Lock()
        self._is_shown = False
        self._thread = Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
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
        if sys.stderr.isatty():
            self._write()

    def _tick(self) -> None:
        while not self._ended.wait(self._seconds):
            self._write()

    def _write(self) -> None:
        since = int(monotonic() - self._began)
        shown = f" {since} s" if since else ""
        with self._lock:
            click.echo(f"{ERASED}{self._doing} ...{shown}", err=True, nl=False)
            self._is_shown = True
