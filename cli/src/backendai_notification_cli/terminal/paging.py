"""Commands that go through the events of a time range, page by page, with a progress bar on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from backendai_notification_cli.errors import CliError, Refused, Unreachable
from backendai_notification_cli.terminal.choice import chosen

PAUSES = (1, 2, 4, 8)
"""How many seconds to wait before each further try to get a page."""

STEPS = 1_000
"""Into how many steps a progress bar divides the time range."""

Page = Mapping[str, Any]


def pages(ask: Callable[[str | None], Page], since: datetime, until: datetime, label: str) -> Iterator[Page]:
    """Yield all pages. ``ask``: asks for the page at a cursor.

    Raises:
        CliError: the service refuses, or fails again and again.
    """
    cursor = None
    with click.progressbar(length=STEPS, label=label, file=sys.stderr, hidden=chosen().quiet) as bar:
        while True:
            page = _asked(ask, cursor)
            yield page
            bar.update(_step(page, since, until) - bar.pos)
            if (following := page.get("next")) is None:
                bar.update(STEPS - bar.pos)
                return
            if not isinstance(following, str) or following == cursor:
                raise CliError("The service sent a 'next' that leads nowhere")
            cursor = following


def _asked(ask: Callable[[str | None], Page], cursor: str | None) -> Page:
    for pause in PAUSES:
        try:
            return ask(cursor)
        except (Refused, Unreachable) as error:
            if isinstance(error, Refused) and not error.passing:
                raise
            time.sleep(pause)
    return ask(cursor)


def _step(page: Page, since: datetime, until: datetime) -> int:
    """Return how far a page came on the way."""
    try:
        reached = datetime.fromisoformat(str(page.get("reached_at")))
        return max(0, min(STEPS, int(STEPS * (reached - since) / (until - since))))
    except (ValueError, TypeError):
        return 0
