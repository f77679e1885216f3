"""backend.ai notification channel delete."""

import click

from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.inputs import require_id
from backendai_notification_cli.terminal.output import show_done, success


@click.command()
@click.argument("channel_id")
@click.option("--force", is_flag=True, help="Delete the rules that use the channel with it.")
def command(*, channel_id: str, force: bool) -> None:
    """Delete a channel."""
    found = require_id(channel_id, "channel")
    reply = connect().call("DELETE", f"/notifications/channels/{found}{'?force=true' if force else ''}")
    success(f"Channel deleted: {found}")
    show_done({"id": found, **reply})
