"""backend.ai notification rule info."""

import click

from backendai_notification_cli.commands.notification.rule.rules import RULE
from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json
from backendai_notification_cli.terminal.subjects import ONE_RULE


@click.command(epilog=examples('notification rule info "Failed sessions"'))
@shows(RULE)
@click.argument("rule_id", metavar="RULE", type=ONE_RULE)
def command(rule_id: str) -> None:
    """Show a rule."""
    path = f"/notifications/rules/{rule_id}{WITH_CUSTOM}"
    show_json(connect().item("rule", "GET", path))
