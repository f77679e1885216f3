"""backend.ai notification rule history."""

import click

from backendai_notification_cli.commands.notification.revisions import REVISION, show_history
from backendai_notification_cli.terminal.inputs import require_id
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.record_options import limit_option


@click.command()
@shows(REVISION)
@click.argument("rule_id")
@limit_option
def command(rule_id: str, limit: int | None) -> None:
    """List a rule's revisions.

    The newest comes first: who changed what, and when. A deleted rule keeps its history.
    """
    show_history(f"/notifications/rules/{require_id(rule_id, 'rule')}", limit)
