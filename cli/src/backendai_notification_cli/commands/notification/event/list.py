"""backend.ai notification event list."""

import click

from backendai_notification_cli.events import LABELS, NOTHING, PATH, Filters, filter_options
from backendai_notification_cli.output import show_list
from backendai_notification_cli.record_options import limit_option
from backendai_notification_cli.service import connect


@click.command()
@filter_options
@limit_option
def command(*, filters: Filters, limit: int | None) -> None:
    """List events, the newest first."""
    show_list(connect().records("events", PATH, filters.query(), limit), LABELS, NOTHING)
