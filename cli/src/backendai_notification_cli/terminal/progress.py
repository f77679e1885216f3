"""How far a search has come, on a terminal's stderr, in a line that what follows replaces."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from backendai_notification_cli.terminal.times import local_time
from backendai_notification_cli.terminal.visible import visible

ERASED = "\r\x1b[K"


class SearchProgress:
    """Tell through how many events the pages of a search have looked, and back to when."""

    def __init__(self) -> None:
        self._searched = 0
        self._is_shown = False

    def page(self, reply: Mapping[str, Any]) -> None:
        """Take a page: erase the line, and write a new one if the page has nothing to show instead."""
        self._searched += int(reply.get("searched") or 0)
        if self._is_shown:
            click.echo(ERASED, err=True, nl=False)
        self._is_shown = bool(sys.stderr.isatty() and reply.get("next") and not reply.get("events"))
        if self._is_shown:
            back_to = visible(local_time(str(reply.get("reached_at"))))
            line = f"Looked through {self._searched:,} events, back to {back_to} ..."
            click.echo(line, err=True, nl=False)


class Counting:
    """Tell how many of a known number are done: ``Looked at 1,000 of 10,000 rules ...``."""

    def __init__(self, verb: str, noun: str) -> None:
        self._verb = verb
        self._noun = noun
        self._is_shown = False

    def show(self, done: int, total: object) -> None:
        """Replace the line."""
        if sys.stderr.isatty() and isinstance(total, int):
            click.echo(f"{ERASED}{self._verb} {done:,} of {total:,} {self._noun} ...", err=True, nl=False)
            self._is_shown = True

    def end(self) -> None:
        """Erase the line."""
        if self._is_shown:
            click.echo(ERASED, err=True, nl=False)
        self._is_shown = False
