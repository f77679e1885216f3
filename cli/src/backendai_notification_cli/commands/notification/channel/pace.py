"""The options of a channel that say how fast it sends, and in which zone it tells times."""

from dataclasses import dataclass
from typing import Any

import click

from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.options import collected


@dataclass(frozen=True, slots=True)
class Pace:
    """The values of the options."""

    rate: str | None
    timezone: str | None

    def body(self) -> dict[str, Any]:
        """Return what the request says of it."""
        return only_given(rate=self.rate, timezone=self.timezone)


_OPTIONS = (
    click.option(
        "--rate",
        metavar="RATE",
        help="Send no faster than 1/s, 30/m or 100/h; or none. An empty one is the preset's own.",
    ),
    click.option(
        "--timezone",
        metavar="ZONE",
        help="Time zone of default messages, as in Asia/Seoul. An empty one is UTC.",
    ),
)
pace_options = collected(Pace, "pace", _OPTIONS)
"""Add the options."""
