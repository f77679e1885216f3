"""backend.ai notification mute list."""

import click

from backendai_notification_cli.commands.notification.mute.mutes import MUTE, PATH
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option


@click.command(
    epilog=examples("notification mute list", "notification mute list --ended --json id,reason,suppressed")
)
@shows(MUTE)
@click.option("--ended", is_flag=True, help="Also list mutes that ended in the last 30 days.")
@limit_option
def command(*, ended: bool, limit: int | None) -> None:
    """List mutes, the newest first.

    Each with what it is about, who created it, until when, and how many deliveries it keeps back.
    """
    query = {"ended": "true"} if ended else {}
    show_all(connect().records("mutes", PATH, query, limit))
