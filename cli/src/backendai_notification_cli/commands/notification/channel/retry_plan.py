"""The option --retry of a channel: when failed deliveries are tried again."""

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.inputs import checked
from backendai_notification_cli.terminal.times import parse_seconds

WORDS = ("standard", "fast", "none")
MAX_DELAYS = 20
MAX_SECONDS = 12 * 3600


def parse_retry(text: str) -> str | list[int]:
    """Return the word, or the seconds of each delay in a list like `5s,1m,30m,2h`."""
    word = text.strip().lower()
    if word in WORDS:
        return word
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > MAX_DELAYS:
        raise CliError(f"expected at most {MAX_DELAYS} delays, not {len(parts)}")
    return [_seconds(part) for part in parts]


def _seconds(text: str) -> int:
    seconds = parse_seconds(text)
    if seconds is None:
        raise CliError(f"'{text}' is no delay: expected standard, fast, none, or a list like 5s,1m,30m,2h")
    if not 1 <= seconds <= MAX_SECONDS:
        raise CliError(f"'{text}' is no delay: it must be 1s to 12h")
    return seconds


retry_option = click.option(
    "--retry",
    metavar="PLAN",
    callback=checked(parse_retry),
    help="When to try again: standard, fast, none, or delays like 5s,1m,30m,2h.",
)
