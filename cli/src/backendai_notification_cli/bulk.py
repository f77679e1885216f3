"""Retry many deliveries: not too fast, to the end, and with a count of what went wrong."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.deliveries import PATH, plural
from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.output import success
from backendai_notification_cli.service import segment

if TYPE_CHECKING:
    from backendai_notification_cli.api import Api

DEFAULT_RATE = 20
MAX_RATE = 50  # requests a second; above that the API answers 429
THROTTLED_PAUSES = (1, 2, 4, 8)
FAILURES_SHOWN = 10


class Pace:
    """Keep calls from following each other faster than a rate."""

    def __init__(self, per_second: int) -> None:
        self._interval = 1 / per_second
        self._due = 0.0

    def wait(self) -> None:
        """Wait until the next call is due."""
        now = time.monotonic()
        if now < self._due:
            time.sleep(self._due - now)
        self._due = max(now, self._due) + self._interval


@dataclass(slots=True)
class Tally:
    """How far it came."""

    retried: int = 0
    failures: list[str] = field(default_factory=list)

    def details(self) -> list[str]:
        """Return a line for each of the first failures, and the number of the others."""
        more = len(self.failures) - FAILURES_SHOWN
        return [*self.failures[:FAILURES_SHOWN], *([f"and {more} more"] if more > 0 else [])]


def retry(api: "Api", delivery_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Queue one delivery's retry and return the delivery."""
    return api.item("delivery", "POST", f"{PATH}/{segment(delivery_id)}/retry", body)


def retry_all(api: "Api", ids: Sequence[str], body: Mapping[str, Any], rate: int) -> None:
    """Retry each delivery and tell what became of them; a failure does not end it."""
    tally, pace = Tally(), Pace(rate)
    label = f"Retrying {plural(len(ids))}"
    try:
        with click.progressbar(ids, label=label, file=sys.stderr) as bar:
            for delivery_id in bar:
                pace.wait()
                _count(tally, api, delivery_id, body)
    except KeyboardInterrupt:
        CliError(f"Interrupted: {tally.retried} of {plural(len(ids))} retried", *tally.details()).show()
        raise click.Abort from None
    success(f"{tally.retried} retried")
    if tally.failures:
        raise CliError(f"{len(tally.failures)} failed", *tally.details())


def _count(tally: Tally, api: "Api", delivery_id: str, body: Mapping[str, Any]) -> None:
    try:
        _patiently(api, delivery_id, body)
    except CliError as error:
        tally.failures.append(f"{delivery_id}: {error.message}")
    else:
        tally.retried += 1


def _patiently(api: "Api", delivery_id: str, body: Mapping[str, Any]) -> None:
    """Retry one delivery, and ask again after a pause when there were too many requests."""
    for pause in THROTTLED_PAUSES:
        try:
            retry(api, delivery_id, body)
        except Refused as refused:
            if not refused.throttled:
                raise
            time.sleep(pause)
        else:
            return
    retry(api, delivery_id, body)
