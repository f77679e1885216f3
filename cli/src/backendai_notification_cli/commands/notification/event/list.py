"""backend.ai notification event list."""

from datetime import datetime

import click

from backendai_notification_cli.inputs import only_given
from backendai_notification_cli.output import show_list
from backendai_notification_cli.record_options import limit_option, since_option, until_option
from backendai_notification_cli.service import connect
from backendai_notification_cli.times import period

STATUSES = ("dispatching", "dispatched", "unmatched", "refused")
LABELS = {
    "ID": "id",
    "Type": "rule_type",
    "Status": "status",
    "Reason": "reason",
    "Timestamp": "timestamp",
    "Created": "created_at",
}


@click.command()
@click.option("--status", type=click.Choice(STATUSES, case_sensitive=False), help="With this status.")
@click.option("--rule-type", metavar="RULE_TYPE", help="Of this type.")
@since_option
@until_option
@limit_option
def command(
    *,
    status: str | None,
    rule_type: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
) -> None:
    """List events, the newest first."""
    query = only_given(status=status, rule_type=rule_type) | period(since, until)
    found = connect().records("events", "/notifications/events", query, limit)
    show_list(found, LABELS, "No events found")
