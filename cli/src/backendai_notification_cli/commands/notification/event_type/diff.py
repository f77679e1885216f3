"""backend.ai notification event-type diff."""

import click

from backendai_notification_cli.commands.notification.revisions import COMPARED, NUMBER, show_differences
from backendai_notification_cli.http.service import segment
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.subjects import ONE_EVENT_TYPE


@click.command(epilog=examples("notification event-type diff quota.exceeded 1 2"))
@shows(COMPARED)
@click.argument("name", type=ONE_EVENT_TYPE)
@click.argument("old", type=NUMBER)
@click.argument("new", type=NUMBER)
def command(name: str, old: int, new: int) -> None:
    """Compare two of a custom event type's revisions.

    OLD and NEW are their numbers, as 'event-type history' shows them.
    """
    show_differences(f"/notifications/event-types/{segment(name)}", old, new)
