"""backend.ai notification channel rotate-secret."""

from datetime import UTC, datetime, timedelta

import click

from backendai_notification_cli.commands.notification.channel.channels import CHANNEL_WITH_SECRET
from backendai_notification_cli.commands.notification.channel.signing_secret import say_once
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import checked
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL
from backendai_notification_cli.terminal.times import in_words, local_time, parse_seconds, timestamp

LONGEST = 7 * 24 * 3600


def parse_keep_old(text: str) -> int:
    """Return for how many seconds the old secret stays valid."""
    seconds = parse_seconds(text)
    if seconds is None:
        raise CliError(f"'{text}' is no duration: expected 0, 30m, 24h or 7d")
    if seconds > LONGEST:
        raise CliError(f"'{text}' is too long: it must be at most 7d")
    return seconds


@click.command(epilog=examples("notification channel rotate-secret Ops --keep-old 7d"))
@shows(CHANNEL_WITH_SECRET)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
@click.option(
    "--keep-old",
    metavar="DURATION",
    default="24h",
    show_default=True,
    callback=checked(parse_keep_old),
    help="How long the old secret stays valid: 0, 30m, 24h, at most 7d.",
)
def command(*, channel_id: str, keep_old: int) -> None:
    """Replace a channel's signing secret.

    The new one is shown once. As long as the old one stays valid, webhooks are signed with both.
    """
    until = datetime.now(UTC) + timedelta(seconds=keep_old)
    path = f"/notifications/channels/{channel_id}/rotate-secret"
    channel = connect().item("channel", "POST", path, {"keep_old_seconds": keep_old})
    success(f"Secret rotated: {channel_id}")
    show_changed(channel)
    say_once(channel)
    if not chosen().quiet:
        click.echo(_validity(keep_old, until), err=True)


def _validity(keep_old: int, until: datetime) -> str:
    if not keep_old:
        return "The old secret is no longer valid."
    end = local_time(timestamp(until))
    return f"The old secret stays valid for {in_words(keep_old)}, until {end} local time."
