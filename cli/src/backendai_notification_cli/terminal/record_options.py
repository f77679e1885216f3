"""The options that every list of records has."""

import click

from backendai_notification_cli.terminal.choice import is_table, on_terminal
from backendai_notification_cli.terminal.inputs import checked
from backendai_notification_cli.terminal.numbers import Number
from backendai_notification_cli.terminal.output import DEFAULT_LIMIT, TABLE_LIMIT
from backendai_notification_cli.terminal.times import time_option

ALL = "all"
since_option = click.option(
    "--since",
    metavar="TIME",
    callback=checked(time_option),
    help="From then on: 30s, 15m, 24h, 7d (ago), or ISO 8601 (local time if it names no zone).",
)
until_option = click.option("--until", metavar="TIME", callback=checked(time_option), help="Before then.")


def _limit(context: click.Context, _option: click.Parameter, value: int | str | None) -> int | None:
    if value is None and on_terminal() and is_table():
        context.meta[DEFAULT_LIMIT] = True
        # One more than is shown tells whether there are more.
        return TABLE_LIMIT + 1
    return None if value is None or isinstance(value, str) else value


limit_option = click.option(
    "--limit",
    type=Number(1, word=ALL),
    metavar="N",
    callback=_limit,
    help=f"List at most N, or all (default: all; {TABLE_LIMIT} on a terminal).",
)
"""Add --limit, and pass it on as a number; None for all."""
