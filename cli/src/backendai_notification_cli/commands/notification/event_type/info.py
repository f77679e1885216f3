"""backend.ai notification event-type info."""

import click

from backendai_notification_cli.output import show_json
from backendai_notification_cli.service import connect, segment


@click.command()
@click.argument("name")
def command(name: str) -> None:
    """Show an event type."""
    show_json(connect().item("event_type", "GET", f"/notifications/event-types/{segment(name)}"))
