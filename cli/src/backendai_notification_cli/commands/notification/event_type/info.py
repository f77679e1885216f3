"""backend.ai notification event-type info."""

import click

from backendai_notification_cli.commands.notification.event_type.event_types import EVENT_TYPE
from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json
from backendai_notification_cli.terminal.subjects import ONE_EVENT_TYPE


@click.command(
    epilog=examples(
        "notification event-type info session.started",
        "notification event-type info session.started --json json_schema",
    )
)
@shows(EVENT_TYPE)
@click.argument("name", type=ONE_EVENT_TYPE)
def command(name: str) -> None:
    """Show an event type."""
    show_json(connect().item("event_type", "GET", f"/notifications/event-types/{segment(name)}"))
