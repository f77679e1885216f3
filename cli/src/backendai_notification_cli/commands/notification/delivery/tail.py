"""backend.ai notification delivery tail."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.delivery.deliveries import (
    DELIVERY,
    PATH,
    Filters,
    subject_options,
)
from backendai_notification_cli.commands.notification.delivery.followed import Seen, line
from backendai_notification_cli.commands.notification.unknown import warn_of_unknown
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_streamed, success
from backendai_notification_cli.terminal.polling import polled
from backendai_notification_cli.terminal.times import timestamp

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

WINDOW = timedelta(minutes=10)


@click.command(
    epilog=examples(
        "notification delivery tail --channel Ops", "notification delivery tail --status failed --jq .reason"
    )
)
@shows(DELIVERY)
@subject_options
def command(filters: Filters) -> None:
    """Follow deliveries until Ctrl-C.

    Prints a line for each new delivery, and for each change of one that is at most 10 minutes old: time,
    status, rule type, delivery, channel, attempts and reason.
    """
    api, query = connect(), filters.query()
    warn_of_unknown(api, query)
    for delivery in _follow(api, query):
        show_streamed(delivery, line(delivery))


def _follow(api: "Api", query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Yield what is new; deliveries that exist at the beginning are not."""
    seen, begun = Seen(), False
    reached, since = datetime.now(UTC), ""

    def ask() -> Iterator[tuple[datetime, list[dict[str, Any]]]]:
        nonlocal since
        asked = datetime.now(UTC)
        # The window counts from the last response, so that an outage of any length misses nothing. It never
        # moves back, because deliveries that were forgotten would then be printed again.
        since = max(since, timestamp(reached - WINDOW))
        yield asked, list(api.records("deliveries", PATH, {**query, "since": since}))

    for asked, found in polled(ask):
        news = seen.news(found)
        seen.forget_before(since)
        if begun:
            yield from news
        else:
            success("Following from now on")
        reached, begun = asked, True
