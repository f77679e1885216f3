"""backend.ai notification rule revert."""

import click

from backendai_notification_cli.commands.notification.managed import warn_if_managed
from backendai_notification_cli.commands.notification.revisions import NUMBER
from backendai_notification_cli.commands.notification.rule.rules import RULE
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success
from backendai_notification_cli.terminal.subjects import ONE_RULE


@click.command(epilog=examples("notification rule revert Started --to 1"))
@shows(RULE)
@click.argument("rule_id", metavar="RULE", type=ONE_RULE)
@click.option("--to", type=NUMBER, required=True, metavar="N", help="The revision to go back to.")
@click.option("--force", is_flag=True, help="Save the template whatever it makes of a sample.")
def command(*, rule_id: str, to: int, force: bool) -> None:
    """Bring a rule back to an earlier revision.

    This is a change like any other, so it makes a revision of its own. A deleted rule cannot be reverted.
    """
    path = f"/notifications/rules/{rule_id}/revert{'?force=true' if force else ''}"
    rule = connect().item("rule", "POST", path, {"to": to})
    success(f"Rule is as in revision {to}: {rule_id}")
    warn_if_managed("rule", rule)
    show_changed(rule)
