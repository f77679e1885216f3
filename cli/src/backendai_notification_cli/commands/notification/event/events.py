"""The filters and columns of events."""

from dataclasses import dataclass
from datetime import datetime

import click

from backendai_notification_cli.terminal.counts import counted
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.kinds import Column, Kind
from backendai_notification_cli.terminal.options import collected
from backendai_notification_cli.terminal.record_options import since_option, until_option
from backendai_notification_cli.terminal.subjects import CLAUSE, RULE_TYPE
from backendai_notification_cli.terminal.times import period

PATH = "/notifications/events"
STATUSES = ("dispatching", "dispatched", "unmatched", "refused", "dead_letter")
ENDED = tuple(status for status in STATUSES if status != "dispatching")
UNDISPATCHED = ("refused", "dead_letter")
"""The statuses that are dispatched in bulk by default: events with another one were dispatched, or are being
dispatched."""

LABELS = {
    "ID": "id",
    "Type": "rule_type",
    "Status": "status",
    "Reason": "reason",
    "Timestamp": "timestamp",
    "Created": "created_at",
}
EVENT = Kind(
    labels=LABELS,
    nothing="No events found",
    fields=("id", "rule_type", "status", "reason", "timestamp", "created_at", "updated_at"),
    columns=(
        Column("age", "created_at", "time"),
        Column("type", "rule_type"),
        Column("status", "status", "state"),
        Column("reason", "reason"),
        Column("id", "id", "id"),
    ),
)
EVENT_WITH_DELIVERIES = Kind(labels={}, fields=("event", "deliveries"), id="event.id")
EMITTED = Kind(labels={}, fields=("event_id", "duplicate"), id="event_id")


@dataclass(frozen=True, slots=True)
class Filters:
    """The values of the filter options."""

    status: str | None = None
    rule_type: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> dict[str, str]:
        """Return the filters as the API's query."""
        return only_given(status=self.status, rule_type=self.rule_type) | period(self.since, self.until)


def plural(count: int) -> str:
    """Count events."""
    return counted(count, "event")


where_option = click.option(
    "--where",
    multiple=True,
    metavar="CLAUSE",
    type=CLAUSE,
    help="Only events whose fields meet this, as in session_id=S (repeatable: all must hold).",
)
"""Add --where, which chooses events by their fields."""

_OPTIONS = (
    click.option("--status", type=click.Choice(STATUSES, case_sensitive=False), help="With this status."),
    click.option("--rule-type", metavar="RULE_TYPE", type=RULE_TYPE, help="Of this type."),
    since_option,
    until_option,
)

filter_options = collected(Filters, "filters", _OPTIONS)
"""Add all filters, and pass them on as one `filters`."""
