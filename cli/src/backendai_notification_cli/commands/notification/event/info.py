"""backend.ai notification event info."""

import click

from backendai_notification_cli.commands.notification.delivery import deliveries
from backendai_notification_cli.commands.notification.event.events import EVENT_WITH_DELIVERIES
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json
from backendai_notification_cli.terminal.subjects import ONE_EVENT


@click.command(
    epilog=examples(
        "notification event info 0b6d5a0e", "notification event info 0b6d5a0e --jq '.deliveries[].status'"
    )
)
@shows(EVENT_WITH_DELIVERIES)
@click.argument("event_id", type=ONE_EVENT)
def command(event_id: str) -> None:
    """Show an event with its deliveries."""
    api = connect()
    event = api.item("event", "GET", f"/notifications/events/{event_id}")
    show_json(
        {"event": event, "deliveries": list(api.records("deliveries", deliveries.PATH, {"event": event_id}))}
    )
