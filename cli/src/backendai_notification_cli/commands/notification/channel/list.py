"""backend.ai notification channel list."""

import click

from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.output import show_list

LABELS = {
    "ID": "id",
    "Name": "name",
    "Type": "channel_type",
    "Enabled": "enabled",
    "Description": "description",
}


@click.command()
@click.option("--enabled-only", is_flag=True, help="List only enabled channels.")
def command(*, enabled_only: bool) -> None:
    """List all channels."""
    conditions = {"enabled": True} if enabled_only else {}
    found = connect().search("channels", "/notifications/channels/search", conditions)
    show_list(found, LABELS, "No channels found")
