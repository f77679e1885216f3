"""Send the same request for many records: at a limited rate, past failures, and with a count of them."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.inputs import can_ask_for_confirmation
from backendai_notification_cli.terminal.kinds import Kind
from backendai_notification_cli.terminal.numbers import Number
from backendai_notification_cli.terminal.options import Command, collected
from backendai_notification_cli.terminal.output import show_all, success

FOR_ALL = frozenset({401, 403})
"""Statuses that refuse whoever asks: the requests for the other records would be refused, too."""

THROTTLED_PAUSES = (1, 2, 4, 8)
FAILURES_SHOWN = 10
DEFAULT_RATE = 20
MAX_RATE = 50  # requests a second; above that the API answers 429


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
class Words:
    """The words for a request: "retry", "Retrying", "retried".

    ``counted``: writes a number of records. ``taken``: the word for records whose request was accepted.
    """

    verb: str
    doing: str
    done: str
    taken: str
    counted: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Request:
    """A request for each record, by its id, and the words for it."""

    ask: Callable[[str], Mapping[str, Any]]
    words: Words


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of the options that all such commands share."""

    dry_run: bool = False
    rate: int = DEFAULT_RATE
    yes: bool = False


@dataclass(slots=True)
class Progress:
    """What the requests answered that succeeded, and which failed."""

    done: list[Mapping[str, Any]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def details(self) -> list[str]:
        """Return a line for each of the first failures, and the number of the others."""
        more = len(self.failures) - FAILURES_SHOWN
        return [*self.failures[:FAILURES_SHOWN], *([f"and {more} more"] if more > 0 else [])]


def choice_options(words: Words) -> Callable[[Command], Command]:
    """Add --dry-run, --rate and --yes, and pass them on as one `choices`."""
    records = words.counted(0).removeprefix("0 ")
    options = (
        click.option("--dry-run", is_flag=True, help=f"List the {records}; {words.verb} none."),
        click.option(
            "--rate",
            type=Number(1, MAX_RATE),
            default=DEFAULT_RATE,
            show_default=True,
            metavar="N",
            help=f"{records.capitalize()} a second, at most {MAX_RATE}.",
        ),
        click.option("--yes", is_flag=True, help="Do not ask for confirmation."),
    )
    return collected(Choices, "choices", options)


def require_one_or_filters(argument: str, given: str | None, choices: Choices, *, filtered: bool) -> None:
    """Make sure that either one record is given, by its id, or filters are.

    Raises:
        UsageError: both are given, or neither.
    """
    if given is not None and (filtered or choices.dry_run):
        raise click.UsageError(f"{argument} cannot be used together with filters or --dry-run.")
    if given is None and not filtered:
        article = "an" if argument[0] in "AEIOU" else "a"
        raise click.UsageError(f"Give {article} {argument} or at least one filter.")


def require_confirmation(choices: Choices) -> None:
    """Make sure that somebody can confirm, before any request is sent.

    Raises:
        CliError: nobody can, and no option makes it unnecessary.
    """
    if not (choices.dry_run or choices.yes) and not can_ask_for_confirmation():
        raise CliError("Cannot ask for confirmation without a terminal: give --yes or --dry-run")


def ask_found(request: Request, found: Sequence[Mapping[str, Any]], choices: Choices, kind: Kind) -> None:
    """Show the matches, or send the request for all of them once somebody has confirmed it.

    Raises:
        CliError: it was not confirmed, or some of the requests failed.
    """
    words = request.words
    records = words.counted(0).removeprefix("0 ")
    if choices.dry_run:
        show_all(found, kind)
        success(f"{words.counted(len(found))} would be {words.done}")
    elif not found:
        success(f"No {records} to {words.verb}")
        _show_answers([], kind)
    elif choices.yes or click.confirm(f"{words.verb.capitalize()} {words.counted(len(found))}?", err=True):
        ask_all(request, [str(record.get("id")) for record in found], choices.rate, kind)
    else:
        raise CliError(f"Nothing was {words.done}")


def ask_all(request: Request, ids: Sequence[str], rate: int, kind: Kind) -> None:
    """Send the request for each record and report the results; a failure does not stop it."""
    progress, pace, words = Progress(), Pace(rate), request.words
    label = f"{words.doing} {words.counted(len(ids))}"
    try:
        with click.progressbar(ids, label=label, file=sys.stderr, hidden=chosen().quiet) as bar:
            for record_id in bar:
                pace.wait()
                _count(progress, request, record_id)
    except KeyboardInterrupt:
        _show_answers(progress.done, kind)
        told = f"Interrupted: {len(progress.done)} of {words.counted(len(ids))} {words.taken}"
        CliError(told, *progress.details()).show()
        raise click.Abort from None
    _show_answers(progress.done, kind)
    success(f"{len(progress.done)} {words.taken}")
    if progress.failures:
        raise CliError(f"{len(progress.failures)} failed", *progress.details())


def _show_answers(answers: Sequence[Mapping[str, Any]], kind: Kind) -> None:
    """Show the records that the requests were sent for, as they are now, if an option asks for it."""
    if chosen().structured:
        show_all(answers, kind)


def _count(progress: Progress, request: Request, record_id: str) -> None:
    try:
        progress.done.append(_ask_with_retries(request, record_id))
    except CliError as error:
        if isinstance(error, Refused) and error.status in FOR_ALL:
            raise
        progress.failures.append(f"{record_id}: {error.message}")


def _ask_with_retries(request: Request, record_id: str) -> Mapping[str, Any]:
    """Send a request, and again after a pause if there were too many requests."""
    for pause in THROTTLED_PAUSES:
        try:
            return request.ask(record_id)
        except Refused as refused:
            if not refused.throttled:
                raise
            time.sleep(pause)
    return request.ask(record_id)
