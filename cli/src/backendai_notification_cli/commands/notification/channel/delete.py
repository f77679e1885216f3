"""backend.ai notification channel delete."""

import click

from backendai_notification_cli.inputs import require_id
from backendai_notification_cli.output import success
from backendai_notification_cli.service import connect


@click.command()
@click.argument("channel_id")
@click.option("--force", is_flag=True, help="Delete the rules that use the channel with it.")
def command(*, channel_id: str, force: bool) -> None:
    """Delete a channel."""
    found = require_id(channel_id, "channel")
    connect().call("DELETE", f"/notifications/channels/{found}{'?force=true' if force else ''}")
    success(f"Channel deleted: {found}")
