"""backend.ai notification mute end."""

import click

from backendai_notification_cli.commands.notification.managed import MADE_AGAIN, warn_if_managed
from backendai_notification_cli.commands.notification.mute.mutes import MUTE, PATH, suppressed
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Item, shows
from backendai_notification_cli.terminal.output import show_changed, success
from backendai_notification_cli.terminal.subjects import MUTE_TO_END


@click.command(epilog=examples("notification mute end c3a9e1d0", "notification mute end 'Night shift'"))
@shows(MUTE)
@click.argument("mute_id", metavar="MUTE", type=MUTE_TO_END)
def command(mute_id: str) -> None:
    """End a mute now.

    What it holds is sent. What it skipped stays skipped: 'delivery retry --mute' sends it.
    """
    mute = connect().item("mute", "POST", f"{PATH}/{mute_id}/end")
    success(f"Mute ended: {mute_id}")
    if mute.get("weekly"):  # others are over, and no apply makes them again
        warn_if_managed("mute", mute, MADE_AGAIN)
    if mute.get("suppressed"):
        success(_told(mute))
    show_changed(mute)


def _told(mute: Item) -> str:
    if mute.get("hold"):
        return f"Deliveries that it held, and that are sent now: {suppressed(mute)}"
    sends = f"'delivery retry --mute {mute.get('id')}' sends"
    return f"Deliveries that it skipped, which {sends}: {suppressed(mute)}"
