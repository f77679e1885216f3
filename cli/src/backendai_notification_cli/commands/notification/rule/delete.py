"""backend.ai notification rule delete."""

import click

from backendai_notification_cli.commands.notification import consequences
from backendai_notification_cli.commands.notification.managed import MADE_AGAIN, warn_if_managed
from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.terminal.deletion import DELETED, Deletion, deletion_options
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.subjects import ONE_RULE


@click.command(
    epilog=examples("notification rule delete Started --dry-run", "notification rule delete Started --yes")
)
@shows(DELETED)
@click.argument("rule_id", metavar="RULE", type=ONE_RULE)
@deletion_options
def command(*, rule_id: str, deletion: Deletion) -> None:
    """Delete a rule."""
    api, path = connect(), f"/notifications/rules/{rule_id}{WITH_CUSTOM}"
    rule = api.item("rule", "GET", path)
    warn_if_managed("rule", rule, MADE_AGAIN)
    if not deletion.agreed(lambda: consequences.of_rule(api, rule)):
        return
    reply = api.call("DELETE", path)
    success(f"Rule deleted: {rule_id}")
    show_done({"id": rule_id, **reply})
