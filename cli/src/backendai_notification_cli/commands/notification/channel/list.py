"""backend.ai notification channel list."""

from itertools import islice

import click

from backendai_notification_cli.commands.notification.channel.channels import CHANNEL
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option

STATES = ("active", "failing", "suspended", "disabled")
PATH = "/notifications/channels/search"


@click.command(
    epilog=examples(
        "notification channel list",
        "notification channel list --state failing --state suspended",
        "notification channel list --json id,name,state --jq '.[] | select(.state != \"active\").name'",
    )
)
@shows(CHANNEL)
@click.option("--enabled-only", is_flag=True, help="List only enabled channels.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES, case_sensitive=False),
    help="List only channels in this state (repeatable).",
)
@limit_option
def command(*, enabled_only: bool, states: tuple[str, ...], limit: int | None) -> None:
    """List all channels."""
    conditions = {"enabled": True} if enabled_only else {}
    api = connect()
    if not states:
        show_all(api.search("channels", PATH, conditions, limit))
        return
    # The service keeps the states apart from what it searches.
    found = (
        channel for channel in api.search("channels", PATH, conditions) if channel.get("state") in states
    )
    show_all(islice(found, limit))
