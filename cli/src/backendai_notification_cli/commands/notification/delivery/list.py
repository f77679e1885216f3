"""backend.ai notification delivery list."""

import click

from backendai_notification_cli.commands.notification.delivery.deliveries import (
    DELIVERY,
    PATH,
    Filters,
    filter_options,
)
from backendai_notification_cli.commands.notification.delivery.naming import named
from backendai_notification_cli.commands.notification.unknown import or_warn, warn_of_unknown
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.choice import has_columns
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option


@click.command(
    epilog=examples(
        "notification delivery list --status failed --since 24h",
        "notification delivery list --channel Ops --limit 20 --json id,reason",
    )
)
@shows(DELIVERY)
@filter_options
@limit_option
def command(*, filters: Filters, limit: int | None) -> None:
    """List deliveries, the newest first."""
    api = connect()
    query = filters.query()
    found = or_warn(api.records("deliveries", PATH, query, limit), lambda: warn_of_unknown(api, query))
    show_all(named(api, found) if has_columns() else found)
