"""Searching the texts of a list, as the console does."""

from collections.abc import Iterable

import click

from backendai_notification_cli.terminal.options import Option


def search_option(told: str) -> Option:
    """Make the option --search. ``told``: in which texts it searches."""
    return click.option("--search", metavar="TEXT", help=told)


def has_text(wanted: str | None, texts: Iterable[object]) -> bool:
    """Return whether one of the texts has what is wanted, in any case; whatever it is if nothing is."""
    return wanted is None or any(wanted.strip().casefold() in str(text or "").casefold() for text in texts)
