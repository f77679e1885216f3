"""backend.ai notification event replay."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.event.events import plural, where_option
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.bulk import Choices, require_confirmation
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import checked, only_given
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_json, success, warn
from backendai_notification_cli.terminal.paging import pages
from backendai_notification_cli.terminal.record_options import until_option
from backendai_notification_cli.terminal.subjects import ONE_RULE
from backendai_notification_cli.terminal.times import period, time_option

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

WORDS = {
    "replayed": "queued",
    "observed": "recorded as observed",
    "skipped": "skipped with an empty message",
    "failed": "recorded as failed",
    "already": "with a delivery already",
    "dispatching": "being dispatched again",
}
MADE = ("replayed", "observed", "skipped", "failed")
"""What becomes of an event that gets a delivery of the rule."""

COUNTS = ("searched", "unreadable", "matched", *WORDS)


@click.command(
    epilog=examples(
        "notification event replay --rule Started --since 24h --dry-run",
        "notification event replay --rule Started --since 2026-01-15T09:00Z --until "
        "2026-01-15T12:00Z --where 'status=ERROR' --yes",
    )
)
@shows(Kind(labels={}, fields=COUNTS))
@click.option(
    "--rule",
    "rule_id",
    metavar="RULE",
    required=True,
    type=ONE_RULE,
    help="The rule; its type and condition choose the events.",
)
@click.option(
    "--since",
    metavar="TIME",
    required=True,
    callback=checked(time_option),
    help="Recorded from then on: 30s, 15m, 24h, 7d (ago), or ISO 8601 (local time if it names no zone).",
)
@until_option
@where_option
@click.option("--dry-run", is_flag=True, help="Count the events; send none.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_context
def command(
    context: click.Context,
    *,
    rule_id: str,
    since: datetime,
    until: datetime | None,
    where: Sequence[str],
    dry_run: bool,
    yes: bool,
) -> None:
    """Send recorded events through a rule that was made later.

    An event that already has a delivery for the rule gets no other one, so the command can be repeated after
    an interruption. The oldest events are sent first. The exit code is 3 if no event meets the rule.
    """
    require_confirmation(Choices(dry_run=dry_run, yes=yes))
    end = until or datetime.now(UTC)
    wanted = {**period(since, end), **only_given(where=list(where) or None)}
    replay = _Replay(connect(), f"/notifications/rules/{rule_id}/replay", (since, end), wanted)
    if dry_run or not yes:
        counts = replay.run("Counting events", dry_run=True)
        if dry_run or not counts["matched"]:
            _tell(context, counts, dry_run=dry_run)
            return
        if not (new := sum(counts[name] for name in MADE)):
            success(
                f"Nothing to replay: each of {plural(counts['matched'])} that meet the rule has a delivery"
                " or is being dispatched again"
            )
            return
        if not click.confirm(f"Replay {plural(new)}?", err=True):
            raise CliError("Nothing was replayed")
    _tell(context, replay.run("Replaying events", dry_run=False), dry_run=False)


class _Replay:
    """The replay of a time range's events through a rule."""

    def __init__(
        self, api: "Api", path: str, span: tuple[datetime, datetime], wanted: Mapping[str, Any]
    ) -> None:
        self._api = api
        self._path = path
        self._span = span
        self._wanted = wanted

    def run(self, label: str, *, dry_run: bool) -> dict[str, int]:
        """Go through all pages; return the sums of their counts."""
        counts = dict.fromkeys(COUNTS, 0)

        def ask(cursor: str | None) -> dict[str, Any]:
            return self._api.call("POST", self._path, {**self._wanted, "dry_run": dry_run, "cursor": cursor})

        try:
            for page in pages(ask, *self._span, label):
                counts = {name: count + int(self._api.value(page, name)) for name, count in counts.items()}
        except KeyboardInterrupt:
            if not dry_run:
                CliError(
                    f"Interrupted: {counts['replayed']} queued, and perhaps some more",
                    "The same command continues, and sends nothing twice.",
                ).show()
            raise click.Abort from None
        return counts


def _tell(context: click.Context, counts: Mapping[str, int], *, dry_run: bool) -> None:
    """Report the result, and exit with the code for it."""
    show_json(counts)
    if not counts["matched"]:
        warn(f"None of {plural(counts['searched'])} meets the rule")
        context.exit(ExitCode.NO)
    would = "would be " if dry_run else ""
    told = [
        f"{counts[name]} {would if name in MADE else ''}{words}"
        for name, words in WORDS.items()
        if counts[name]
    ]
    success(f"{counts['matched']} of {plural(counts['searched'])} met the rule: {', '.join(told)}")
    if counts["failed"] and not dry_run:
        raise CliError(
            f"{plural(counts['failed'])} failed, because the message cannot be made",
            "To see why: backend.ai notification delivery list --status failed --rule ID",
        )
