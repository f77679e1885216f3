"""backend.ai notification rule history."""

import click

from backendai_notification_cli.commands.notification.revisions import REVISION, show_history
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.record_options import limit_option
from backendai_notification_cli.terminal.subjects import ONE_RULE


@click.command(epilog=examples("notification rule history Started"))
@shows(REVISION)
@click.argument("rule_id", metavar="RULE", type=ONE_RULE)
@limit_option
def command(rule_id: str, limit: int | None) -> None:
    """List a rule's revisions.

    The newest comes first: who changed what, and when. A deleted rule keeps its history.
    """
    show_history(f"/notifications/rules/{rule_id}", limit)
