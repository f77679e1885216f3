"""backend.ai notification event-type history."""

import click

from backendai_notification_cli.commands.notification.revisions import REVISION, show_history
from backendai_notification_cli.http.service import segment
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.record_options import limit_option
from backendai_notification_cli.terminal.subjects import ONE_EVENT_TYPE


@click.command(epilog=examples("notification event-type history quota.exceeded"))
@shows(REVISION)
@click.argument("name", type=ONE_EVENT_TYPE)
@limit_option
def command(name: str, limit: int | None) -> None:
    """List a custom event type's revisions.

    The newest comes first: who changed what, and when. A deleted type keeps its history.
    """
    show_history(f"/notifications/event-types/{segment(name)}", limit)
