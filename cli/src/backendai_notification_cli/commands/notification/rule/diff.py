"""backend.ai notification rule diff."""

import click

from backendai_notification_cli.commands.notification.revisions import COMPARED, NUMBER, show_differences
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.subjects import ONE_RULE


@click.command(epilog=examples("notification rule diff Started 1 2"))
@shows(COMPARED)
@click.argument("rule_id", metavar="RULE", type=ONE_RULE)
@click.argument("old", type=NUMBER)
@click.argument("new", type=NUMBER)
def command(rule_id: str, old: int, new: int) -> None:
    """Compare two of a rule's revisions.

    OLD and NEW are their numbers, as 'rule history' shows them.
    """
    show_differences(f"/notifications/rules/{rule_id}", old, new)
