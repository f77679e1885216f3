"""backend.ai notification channel resume."""

import click

from backendai_notification_cli.commands.notification.channel.channels import CHANNEL
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.inputs import require_id
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json, success


@click.command()
@shows(CHANNEL)
@click.argument("channel_id")
def command(channel_id: str) -> None:
    """End a channel's suspension.

    Its held deliveries are sent.
    """
    found = require_id(channel_id, "channel")
    channel = connect().item("channel", "POST", f"/notifications/channels/{found}/resume")
    success(f"Channel resumed: {found}")
    show_json(channel)
