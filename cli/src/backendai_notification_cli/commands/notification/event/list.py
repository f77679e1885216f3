"""backend.ai notification event list."""

import click

from backendai_notification_cli.commands.notification.event.events import (
    LABELS,
    NOTHING,
    PATH,
    Filters,
    filter_options,
)
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.output import show_list
from backendai_notification_cli.terminal.record_options import limit_option


@click.command()
@filter_options
@limit_option
def command(*, filters: Filters, limit: int | None) -> None:
    """List events, the newest first."""
    show_list(connect().records("events", PATH, filters.query(), limit), LABELS, NOTHING)
