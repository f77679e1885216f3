"""The options that every list of records has."""

from collections.abc import Callable

import click

from backendai_notification_cli.inputs import checked
from backendai_notification_cli.times import moment

since_option = click.option(
    "--since",
    metavar="TIME",
    callback=checked(moment),
    help="From then on: 30s, 15m, 24h, 7d (ago), or ISO 8601 (local time if it names no zone).",
)
until_option = click.option("--until", metavar="TIME", callback=checked(moment), help="Before then.")
DEFAULT_RATE = 20
MAX_RATE = 50  # requests a second; above that the API answers 429


def rate_option(told: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make the option --rate, described so."""
    return click.option(
        "--rate",
        type=click.IntRange(1, MAX_RATE),
        default=DEFAULT_RATE,
        show_default=True,
        metavar="N",
        help=told,
    )


limit_option = click.option("--limit", type=click.IntRange(min=1), metavar="N", help="List at most N.")
