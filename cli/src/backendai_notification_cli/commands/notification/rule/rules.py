"""How rules are shown."""

from typing import Any

from backendai_notification_cli.commands.notification.rule.conditions import lines
from backendai_notification_cli.terminal.kinds import Column, Item, Kind

LABELS = {
    "ID": "id",
    "Name": "name",
    "Type": "rule_type",
    "Enabled": "enabled",
    "Description": "description",
}


def condition(rule: Item) -> Any:
    """Return the condition of a rule, or of a mute, on one line; None without one."""
    if rule.get("where"):
        return " and ".join(map(str, rule["where"]))
    if not rule.get("condition"):
        return None
    import json

    return json.dumps(rule["condition"], ensure_ascii=False)


def state(rule: Item) -> str:
    """Return whether a rule sends."""
    if not rule.get("enabled"):
        return "disabled"
    return "observed" if rule.get("observe") else "enabled"


RULE = Kind(
    labels=LABELS,
    nothing="No rules found",
    more=lines,
    fields=(
        *("id", "name", "description", "rule_type", "channel_id", "channel", "message_template", "message"),
        *("condition", "where", "once_per", "digest", "enabled", "observe"),
        *("managed", "created_at", "created_by", "updated_at"),
    ),
    columns=(
        Column("name", "name"),
        Column("type", "rule_type"),
        Column("channel", "channel.name"),
        Column("condition", condition),
        Column("state", state, "state"),
        Column("id", "id", "id"),
    ),
)
