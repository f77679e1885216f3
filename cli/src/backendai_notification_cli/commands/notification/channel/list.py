"""backend.ai notification channel list."""

import click

from backendai_notification_cli.commands.notification.channel.channels import CHANNEL
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option


@click.command()
@shows(CHANNEL)
@click.option("--enabled-only", is_flag=True, help="List only enabled channels.")
@limit_option
def command(*, enabled_only: bool, limit: int | None) -> None:
    """List all channels."""
    conditions = {"enabled": True} if enabled_only else {}
    show_all(connect().search("channels", "/notifications/channels/search", conditions, limit))
