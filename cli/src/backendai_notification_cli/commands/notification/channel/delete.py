"""backend.ai notification channel delete."""

import click

from backendai_notification_cli.commands.notification import consequences
from backendai_notification_cli.commands.notification.managed import MADE_AGAIN, warn_if_managed
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.deletion import DELETED, Deletion, deletion_options
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL


@click.command(
    epilog=examples(
        "notification channel delete Ops --force --dry-run", "notification channel delete Ops --force --yes"
    )
)
@shows(DELETED)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
@click.option("--force", is_flag=True, help="Delete the rules that use the channel with it.")
@deletion_options
def command(*, channel_id: str, force: bool, deletion: Deletion) -> None:
    """Delete a channel."""
    api, path = connect(), f"/notifications/channels/{channel_id}"
    channel = api.item("channel", "GET", path)
    warn_if_managed("channel", channel, MADE_AGAIN)
    if not deletion.agreed(lambda: consequences.of_channel(api, channel, force=force)):
        return
    reply = api.call("DELETE", f"{path}{'?force=true' if force else ''}")
    success(f"Channel deleted: {channel_id}")
    show_done({"id": channel_id, **reply})
