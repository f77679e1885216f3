"""backend.ai notification channel revert."""

import click

from backendai_notification_cli.commands.notification.channel.channels import CHANNEL
from backendai_notification_cli.commands.notification.managed import warn_if_managed
from backendai_notification_cli.commands.notification.revisions import NUMBER
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL


@click.command(epilog=examples("notification channel revert Ops --to 1"))
@shows(CHANNEL)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
@click.option("--to", type=NUMBER, required=True, metavar="N", help="The revision to go back to.")
def command(*, channel_id: str, to: int) -> None:
    """Bring a channel back to an earlier revision.

    The channel gets the credentials that it had then, and keeps its present signing secrets. This is a change
    like any other, so it makes a revision of its own. A deleted channel cannot be reverted.
    """
    channel = connect().item("channel", "POST", f"/notifications/channels/{channel_id}/revert", {"to": to})
    success(f"Channel is as in revision {to}: {channel_id}")
    warn_if_managed("channel", channel)
    show_changed(channel)
