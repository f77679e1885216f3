"""backend.ai notification mute history."""

import click

from backendai_notification_cli.commands.notification.mute.mutes import PATH
from backendai_notification_cli.commands.notification.revisions import REVISION, show_history
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.record_options import limit_option
from backendai_notification_cli.terminal.subjects import ONE_MUTE


@click.command(epilog=examples("notification mute history c3a9e1d0"))
@shows(REVISION)
@click.argument("mute_id", metavar="MUTE", type=ONE_MUTE)
@limit_option
def command(mute_id: str, limit: int | None) -> None:
    """List a mute's revisions.

    The newest comes first: who created it, and who ended it.
    """
    show_history(f"{PATH}/{mute_id}", limit)
