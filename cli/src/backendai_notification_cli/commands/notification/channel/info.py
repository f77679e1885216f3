"""backend.ai notification channel info."""

import click

from backendai_notification_cli.commands.notification.channel.channels import CHANNEL
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL


@click.command(
    epilog=examples(
        "notification channel info Ops", "notification channel info 550e8400 --json name,state,state_reason"
    )
)
@shows(CHANNEL)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
def command(channel_id: str) -> None:
    """Show a channel."""
    path = f"/notifications/channels/{channel_id}"
    show_json(connect().item("channel", "GET", path))
