"""backend.ai notification delivery tail."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.delivery.deliveries import (
    PATH,
    Filters,
    subject_options,
)
from backendai_notification_cli.errors import CliError, Refused, Unreachable
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.follow import Seen, line
from backendai_notification_cli.terminal.times import timestamp

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

POLL_SECONDS = 1
WINDOW = timedelta(minutes=10)


@click.command()
@subject_options
def command(filters: Filters) -> None:
    """Follow deliveries until Ctrl-C.

    Prints a line for each new delivery, and for each change of one that is at most 10 minutes old: time,
    status, rule type, delivery, channel, attempts and reason.
    """
    for delivery in _follow(connect(), filters.query()):
        click.echo(line(delivery))


def _follow(api: "Api", query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Yield what is new; deliveries that exist at the beginning are not."""
    seen, begun, told = Seen(), False, False
    reached, since = datetime.now(UTC), ""
    while True:
        asked = datetime.now(UTC)
        # The window counts from the last response, so that an outage of any length misses nothing. It never
        # moves back, because deliveries that were forgotten would then be printed again.
        since = max(since, timestamp(reached - WINDOW))
        try:
            found = list(api.records("deliveries", PATH, {**query, "since": since}))
        except (Unreachable, Refused) as error:
            if isinstance(error, Refused) and not error.passing:
                raise
            if not told:
                CliError(error.message, *error.details, "Trying again until it answers.").show()
            told = True
        else:
            news = seen.news(found)
            seen.forget_before(since)
            yield from news if begun else ()
            reached, begun, told = asked, True, False
        time.sleep(POLL_SECONDS)
