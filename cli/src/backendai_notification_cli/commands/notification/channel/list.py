"""backend.ai notification channel list."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from backendai_notification_cli.commands.notification.channel.channels import (
    LAST_SUCCESS,
    LISTED_CHANNEL,
    service,
    target,
)
from backendai_notification_cli.commands.notification.status import STATUS
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.choice import chosen, has_columns
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Item, shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option
from backendai_notification_cli.terminal.searching import has_text, search_option

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

STATES = ("active", "failing", "suspended", "disabled")
PATH = "/notifications/channels/search"


@click.command(
    epilog=examples(
        "notification channel list",
        "notification channel list --state failing --state suspended",
        "notification channel list --search hooks.slack.com",
        "notification channel list --json id,name,state --jq '.[] | select(.state != \"active\").name'",
    )
)
@shows(LISTED_CHANNEL)
@click.option("--enabled-only", is_flag=True, help="List only enabled channels.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES, case_sensitive=False),
    help="List only channels in this state (repeatable).",
)
@search_option("List only channels with this in their name, service, host, recipients or id, in any case.")
@limit_option
def command(*, enabled_only: bool, states: tuple[str, ...], search: str | None, limit: int | None) -> None:
    """List all channels."""
    conditions = {"enabled": True} if enabled_only else {}
    api = connect()
    if states or search is not None:
        # The service searches neither by state nor in hosts.
        every = api.search("channels", PATH, conditions)
        found: Iterable[Item] = islice((each for each in every if _is_meant(each, states, search)), limit)
    else:
        found = api.search("channels", PATH, conditions, limit)
    show_all(_with_last_success(api, found) if has_columns() or LAST_SUCCESS in chosen().fields else found)


def _is_meant(channel: Item, states: tuple[str, ...], search: str | None) -> bool:
    texts = (channel.get("name"), service(channel), target(channel), channel.get("id"))
    return (not states or channel.get("state") in states) and has_text(search, texts)


def _with_last_success(api: "Api", channels: Iterable[Item]) -> Iterator[Item]:
    """Add when each last delivered a message, if the service can say that."""
    try:
        known = api.objects(api.call("GET", STATUS), "channels")
    except CliError:
        known = []
    times = {item.get("id"): item.get(LAST_SUCCESS) for item in known}
    for channel in channels:
        yield {**channel, LAST_SUCCESS: times.get(channel.get("id"))}
