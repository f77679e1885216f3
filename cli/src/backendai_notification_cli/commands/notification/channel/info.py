"""backend.ai notification channel info."""

import click

from backendai_notification_cli.commands.notification.channel.channels import CHANNEL
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.inputs import require_id
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json


@click.command()
@shows(CHANNEL)
@click.argument("channel_id")
def command(channel_id: str) -> None:
    """Show a channel."""
    path = f"/notifications/channels/{require_id(channel_id, 'channel')}"
    show_json(connect().item("channel", "GET", path))
