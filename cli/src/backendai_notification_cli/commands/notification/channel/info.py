"""backend.ai notification channel info."""

import click

from backendai_notification_cli.inputs import require_id
from backendai_notification_cli.output import show_json
from backendai_notification_cli.service import connect


@click.command()
@click.argument("channel_id")
def command(channel_id: str) -> None:
    """Show a channel."""
    path = f"/notifications/channels/{require_id(channel_id, 'channel')}"
    show_json(connect().item("channel", "GET", path))
