"""backend.ai notification event-type list."""

import click

from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.output import show_list

LABELS = {"Name": "name", "Kind": "kind", "Description": "description"}


@click.command()
def command() -> None:
    """List all event types."""
    found = connect().items("event_types", "/notifications/event-types")
    shown = ({**item, "kind": "built-in" if item.get("built_in") else "custom"} for item in found)
    show_list(shown, LABELS, "No event types found")
