"""backend.ai notification mute info."""

import click

from backendai_notification_cli.commands.notification.mute.mutes import MUTE, PATH
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json
from backendai_notification_cli.terminal.subjects import ONE_MUTE


@click.command(epilog=examples("notification mute info c3a9e1d0"))
@shows(MUTE)
@click.argument("mute_id", metavar="MUTE", type=ONE_MUTE)
def command(mute_id: str) -> None:
    """Show a mute, and how many deliveries it keeps back.

    MUTE is its ID, the beginning of that, or its reason.
    """
    show_json(connect().item("mute", "GET", f"{PATH}/{mute_id}"))
