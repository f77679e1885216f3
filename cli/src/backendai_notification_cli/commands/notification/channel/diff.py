"""backend.ai notification channel diff."""

import click

from backendai_notification_cli.commands.notification.revisions import COMPARED, NUMBER, show_differences
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL


@click.command(epilog=examples("notification channel diff Ops 1 2"))
@shows(COMPARED)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
@click.argument("old", type=NUMBER)
@click.argument("new", type=NUMBER)
def command(channel_id: str, old: int, new: int) -> None:
    """Compare two of a channel's revisions.

    OLD and NEW are their numbers, as 'channel history' shows them.
    """
    show_differences(f"/notifications/channels/{channel_id}", old, new)
