"""backend.ai notification event-type delete."""

import click

from backendai_notification_cli.output import success
from backendai_notification_cli.service import connect, segment


@click.command()
@click.argument("name")
def command(name: str) -> None:
    """Delete a custom event type."""
    connect().call("DELETE", f"/notifications/event-types/{segment(name)}")
    success(f"Event type deleted: {name}")
