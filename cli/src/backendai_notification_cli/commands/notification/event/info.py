"""backend.ai notification event info."""

import click

from backendai_notification_cli.commands.notification.delivery import deliveries
from backendai_notification_cli.commands.notification.event.events import EVENT_WITH_DELIVERIES
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.inputs import require_event_id
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json


@click.command()
@shows(EVENT_WITH_DELIVERIES)
@click.argument("event_id")
def command(event_id: str) -> None:
    """Show an event with its deliveries."""
    found = require_event_id(event_id)
    api = connect()
    event = api.item("event", "GET", f"/notifications/events/{found}")
    show_json(
        {"event": event, "deliveries": list(api.records("deliveries", deliveries.PATH, {"event": found}))}
    )
