"""Ask the same of many records: not too fast, to the end, and with a count of what went wrong."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import click

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.output import success

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


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of each record, by its id, and the words for it, like "Retrying" and "retried"."""

    ask: Callable[[str], object]
    doing: str
    done: str
    plural: Callable[[int], str]


@dataclass(slots=True)
class Tally:
    """How far it came."""

    done: int = 0
    failures: list[str] = field(default_factory=list)

    def details(self) -> list[str]:
        """Return a line for each of the first failures, and the number of the others."""
        more = len(self.failures) - FAILURES_SHOWN
        return [*self.failures[:FAILURES_SHOWN], *([f"and {more} more"] if more > 0 else [])]


def ask_all(request: Request, ids: Sequence[str], rate: int) -> None:
    """Ask it of each record and tell what became of them; a failure does not end it."""
    tally, pace = Tally(), Pace(rate)
    label = f"{request.doing} {request.plural(len(ids))}"
    try:
        with click.progressbar(ids, label=label, file=sys.stderr) as bar:
            for record_id in bar:
                pace.wait()
                _count(tally, request, record_id)
    except KeyboardInterrupt:
        told = f"Interrupted: {tally.done} of {request.plural(len(ids))} {request.done}"
        CliError(told, *tally.details()).show()
        raise click.Abort from None
    success(f"{tally.done} {request.done}")
    if tally.failures:
        raise CliError(f"{len(tally.failures)} failed", *tally.details())


def can_ask_for_confirmation() -> bool:
    """Tell whether there is a terminal at which somebody can say yes."""
    return sys.stdin is not None and sys.stdin.isatty()


def _count(tally: Tally, request: Request, record_id: str) -> None:
    try:
        _patiently(request, record_id)
    except CliError as error:
        tally.failures.append(f"{record_id}: {error.message}")
    else:
        tally.done += 1


def _patiently(request: Request, record_id: str) -> None:
    """Ask, and ask again after a pause when there were too many requests."""
    for pause in THROTTLED_PAUSES:
        try:
            request.ask(record_id)
        except Refused as refused:
            if not refused.throttled:
                raise
            time.sleep(pause)
        else:
            return
    request.ask(record_id)
