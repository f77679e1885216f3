"""backend.ai notification channel diff."""

import click

from backendai_notification_cli.commands.notification.revisions import NUMBER, show_differences
from backendai_notification_cli.terminal.inputs import require_id


@click.command()
@click.argument("channel_id")
@click.argument("old", type=NUMBER)
@click.argument("new", type=NUMBER)
def command(channel_id: str, old: int, new: int) -> None:
    """Compare two of a channel's revisions.

    OLD and NEW are their numbers, as 'channel history' shows them.
    """
    show_differences(f"/notifications/channels/{require_id(channel_id, 'channel')}", old, new)
