"""backend.ai notification event list."""

import click

from backendai_notification_cli.commands.notification.event.events import (
    EVENT,
    PATH,
    Filters,
    filter_options,
)
from backendai_notification_cli.commands.notification.unknown import or_warn, warn_of_unknown
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.progress import SearchProgress
from backendai_notification_cli.terminal.record_options import limit_option
from backendai_notification_cli.terminal.subjects import CLAUSE


@click.command(
    epilog=examples(
        "notification event list --status unmatched --since 7d",
        "notification event list --where session_id=s-1 --since 24h",
    )
)
@shows(EVENT)
@filter_options
@click.option(
    "--where",
    "clauses",
    multiple=True,
    metavar="CLAUSE",
    type=CLAUSE,
    help="Only events whose fields meet this, as in session_id=S (repeatable: all must hold). Reads each"
    " event in the time range.",
)
@limit_option
def command(*, filters: Filters, clauses: tuple[str, ...], limit: int | None) -> None:
    """List events, the newest first."""
    query = {**filters.query(), **({"where": clauses} if clauses else {})}
    api = connect()
    found = api.records("events", PATH, query, limit, SearchProgress().page)
    show_all(or_warn(found, lambda: warn_of_unknown(api, query)))
