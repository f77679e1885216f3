"""The filters and columns of deliveries."""

from dataclasses import dataclass, replace
from datetime import datetime

import click

from backendai_notification_cli.terminal.counts import counted
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.kinds import Column, Item, Kind
from backendai_notification_cli.terminal.options import collected
from backendai_notification_cli.terminal.record_options import since_option, until_option
from backendai_notification_cli.terminal.subjects import (
    EVENT_FILTER,
    ONE_CHANNEL,
    ONE_MUTE,
    ONE_RULE,
    RULE_TYPE,
)
from backendai_notification_cli.terminal.times import period

PATH = "/notifications/deliveries"
STATUSES = ("pending", "delivered", "failed", "skipped", "held", "observed", "collected")
ON_REQUEST = frozenset({"pending", "delivered", "observed", "collected"})
"""Statuses that are retried in bulk only if --status asks for them: such deliveries are sent anyway, have
arrived, are not meant to be sent, or come with a digest."""
KEPT_BACK = ("repeat of ", "muted: ")
"""How the reasons begin of skipped deliveries that are retried in bulk only if --status or --mute asks for
them: a rule or a mute has kept them back on purpose."""
LABELS = {
    "ID": "id",
    "Event": "event_id",
    "Rule": "rule_id",
    "Channel": "channel_id",
    "Type": "rule_type",
    "Status": "status",
    "Reason": "reason",
    "Attempts": "attempt_count",
    "Next attempt": "next_attempt_at",
    "Created": "created_at",
}
FIELDS = (
    *("id", "event_id", "rule_id", "channel_id", "rule_type", "status", "reason", "error_class"),
    *("attempt_count", "next_attempt_at", "created_at", "updated_at"),
)
SHORT = 8
"""How much of an id is shown where a name is gone."""


def _rule(delivery: Item) -> str:
    return delivery.get("rule_name") or str(delivery.get("rule_id"))[:SHORT]


def _channel(delivery: Item) -> str:
    return delivery.get("channel_name") or str(delivery.get("channel_id"))[:SHORT]


DELIVERY = Kind(
    labels=LABELS,
    nothing="No deliveries found",
    fields=FIELDS,
    columns=(
        Column("age", "created_at", "time"),
        Column("status", "status", "state"),
        Column("rule", _rule),
        Column("channel", _channel),
        Column("tries", "attempt_count", "number"),
        Column("reason", "reason"),
        Column("id", "id", "id"),
    ),
)
DELIVERY_DETAIL = replace(
    DELIVERY, fields=(*FIELDS, "message", "subject", "mute_id", "digest_id", "attempts")
)


@dataclass(frozen=True, slots=True)
class Filters:
    """The values of the filter options."""

    channel: str | None = None
    rule: str | None = None
    event: str | None = None
    rule_type: str | None = None
    status: str | None = None
    mute: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> dict[str, str]:
        """Return the filters as the API's query."""
        plain = only_given(channel=self.channel, rule=self.rule, event=self.event, status=self.status)
        plain |= only_given(rule_type=self.rule_type, mute=self.mute)
        return plain | period(self.since, self.until)


def plural(count: int) -> str:
    """Count deliveries."""
    return counted(count, "delivery", "deliveries")


_SUBJECT_OPTIONS = (
    click.option(
        "--channel",
        metavar="CHANNEL",
        type=ONE_CHANNEL,
        help="Of this channel.",
    ),
    click.option("--rule", metavar="RULE", type=ONE_RULE, help="Of this rule."),
    click.option("--event", metavar="ID", type=EVENT_FILTER, help="Of this event."),
    click.option("--rule-type", metavar="RULE_TYPE", type=RULE_TYPE, help="Of this type's events."),
    click.option("--status", type=click.Choice(STATUSES, case_sensitive=False), help="With this status."),
)

subject_options = collected(Filters, "filters", _SUBJECT_OPTIONS)
"""Add --channel, --rule, --event and --status, and pass them on as one `filters`."""

_MUTE_OPTION = click.option("--mute", metavar="MUTE", type=ONE_MUTE, help="Kept back by this mute.")

filter_options = collected(Filters, "filters", (*_SUBJECT_OPTIONS, _MUTE_OPTION, since_option, until_option))
"""Add all filters, with --since and --until, and pass them on as one `filters`."""
