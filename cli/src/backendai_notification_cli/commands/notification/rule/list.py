"""backend.ai notification rule list."""

from collections.abc import Sequence

import click

from backendai_notification_cli.commands.notification.rule.rules import RULE
from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option
from backendai_notification_cli.terminal.subjects import RULE_TYPE


@click.command()
@shows(RULE)
@click.option("--enabled-only", is_flag=True, help="List only enabled rules.")
@click.option(
    "--rule-types",
    multiple=True,
    metavar="RULE_TYPE",
    type=RULE_TYPE,
    help="List only rules of this type (repeatable).",
)
@limit_option
def command(*, enabled_only: bool, rule_types: Sequence[str], limit: int | None) -> None:
    """List all rules."""
    conditions = only_given(enabled=enabled_only or None, rule_types=list(rule_types) or None)
    show_all(connect().search("rules", f"/notifications/rules/search{WITH_CUSTOM}", conditions, limit))
