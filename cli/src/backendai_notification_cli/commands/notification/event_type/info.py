"""backend.ai notification event-type info."""

import click

from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.output import show_json


@click.command()
@click.argument("name")
def command(name: str) -> None:
    """Show an event type."""
    show_json(connect().item("event_type", "GET", f"/notifications/event-types/{segment(name)}"))
