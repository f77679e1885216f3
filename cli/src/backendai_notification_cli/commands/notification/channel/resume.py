"""backend.ai notification channel resume."""

import click

from backendai_notification_cli.commands.notification.channel.channels import CHANNEL
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL


@click.command(epilog=examples("notification channel resume Ops"))
@shows(CHANNEL)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
def command(channel_id: str) -> None:
    """End a channel's suspension.

    Its held deliveries are sent.
    """
    channel = connect().item("channel", "POST", f"/notifications/channels/{channel_id}/resume")
    success(f"Channel resumed: {channel_id}")
    show_changed(channel)
