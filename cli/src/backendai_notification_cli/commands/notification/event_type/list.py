"""backend.ai notification event-type list."""

import click

from backendai_notification_cli.commands.notification.event_type.event_types import EVENT_TYPE
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option


@click.command(
    epilog=examples(
        "notification event-type list",
        "notification event-type list --jq '.[] | select(.built_in | not).name'",
    )
)
@shows(EVENT_TYPE)
@limit_option
def command(limit: int | None) -> None:
    """List all event types."""
    show_all(connect().items("event_types", "/notifications/event-types")[:limit])
