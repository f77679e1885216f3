"""backend.ai notification rule list."""

from collections.abc import Sequence

import click

from backendai_notification_cli.commands.notification.rule.conditions import lines
from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.output import show_list

LABELS = {
    "ID": "id",
    "Name": "name",
    "Type": "rule_type",
    "Enabled": "enabled",
    "Description": "description",
}


@click.command()
@click.option("--enabled-only", is_flag=True, help="List only enabled rules.")
@click.option(
    "--rule-types", multiple=True, metavar="RULE_TYPE", help="List only rules of this type (repeatable)."
)
def command(*, enabled_only: bool, rule_types: Sequence[str]) -> None:
    """List all rules."""
    conditions = only_given(enabled=enabled_only or None, rule_types=list(rule_types) or None)
    found = connect().search("rules", f"/notifications/rules/search{WITH_CUSTOM}", conditions)
    show_list(found, LABELS, "No rules found", lines)
