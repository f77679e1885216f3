"""backend.ai notification mute diff."""

import click

from backendai_notification_cli.commands.notification.mute.mutes import PATH
from backendai_notification_cli.commands.notification.revisions import COMPARED, NUMBER, show_differences
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.subjects import ONE_MUTE


@click.command(epilog=examples("notification mute diff c3a9e1d0 1 2"))
@shows(COMPARED)
@click.argument("mute_id", metavar="MUTE", type=ONE_MUTE)
@click.argument("old", type=NUMBER)
@click.argument("new", type=NUMBER)
def command(mute_id: str, old: int, new: int) -> None:
    """Compare two of a mute's revisions.

    OLD and NEW are their numbers, as 'mute history' shows them.
    """
    show_differences(f"{PATH}/{mute_id}", old, new)
