"""backend.ai notification channel history."""

import click

from backendai_notification_cli.commands.notification.revisions import REVISION, show_history
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.record_options import limit_option
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL


@click.command(epilog=examples("notification channel history Ops"))
@shows(REVISION)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
@limit_option
def command(channel_id: str, limit: int | None) -> None:
    """List a channel's revisions.

    The newest comes first: who changed what, and when. A deleted channel keeps its history.
    """
    show_history(f"/notifications/channels/{channel_id}", limit)
