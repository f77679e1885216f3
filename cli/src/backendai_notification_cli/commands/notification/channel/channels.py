"""How channels are shown."""

from dataclasses import replace
from typing import Any

from backendai_notification_cli.terminal.kinds import Column, Item, Kind

LABELS = {
    "ID": "id",
    "Name": "name",
    "Type": "channel_type",
    "Enabled": "enabled",
    "Description": "description",
}
FIELDS = (
    *("id", "name", "description", "channel_type", "spec", "enabled", "retry", "rate", "timezone"),
    *("state", "state_reason", "held_back_until", "effective_rate", "paced_until", "health"),
    *("managed", "created_at", "created_by", "updated_at"),
)

LAST_SUCCESS = "last_success_at"
"""When a channel's last message was delivered, as the status has it: a channel's document does not."""


def service(channel: Item) -> str:
    """Name what a channel sends to: the preset's service, or its type."""
    return str((channel.get("spec") or {}).get("preset") or channel.get("channel_type"))


def target(channel: Item) -> Any:
    """Return the host that a webhook leads to, or the recipients of an email."""
    spec = channel.get("spec") or {}
    if "message" in spec:
        return ", ".join(map(str, (spec["message"] or {}).get("to_emails") or ()))
    return str(spec.get("url") or "").partition("://")[2].partition("/")[0]


CHANNEL = Kind(
    labels=LABELS,
    nothing="No channels found",
    fields=FIELDS,
    columns=(
        Column("name", "name"),
        Column("service", service),
        Column("to", target),
        Column("state", "state", "state"),
        Column("changed", "updated_at", "time"),
        Column("id", "id", "id"),
    ),
)
LISTED_CHANNEL = replace(
    CHANNEL,
    fields=(*FIELDS, LAST_SUCCESS),
    columns=(*CHANNEL.columns[:-2], Column("last success", LAST_SUCCESS, "time"), *CHANNEL.columns[-1:]),
)
"""A channel in a list, which also tells when it last delivered a message."""

CHANNEL_WITH_SECRET = replace(CHANNEL, fields=(*FIELDS, "signing_secret"))
"""A channel as it is when its secret is shown."""
