"""The options that every list of records has."""

import click

from backendai_notification_cli.terminal.inputs import checked
from backendai_notification_cli.terminal.times import time_option

since_option = click.option(
    "--since",
    metavar="TIME",
    callback=checked(time_option),
    help="From then on: 30s, 15m, 24h, 7d (ago), or ISO 8601 (local time if it names no zone).",
)
until_option = click.option("--until", metavar="TIME", callback=checked(time_option), help="Before then.")
limit_option = click.option("--limit", type=click.IntRange(min=1), metavar="N", help="List at most N.")
