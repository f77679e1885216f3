"""backend.ai notification event explain."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from backendai_notification_cli.commands.notification import verdicts
from backendai_notification_cli.commands.notification.event.events import PATH
from backendai_notification_cli.commands.notification.unknown import warn_of_unknown
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import checked, only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json, warn
from backendai_notification_cli.terminal.progress import SearchProgress
from backendai_notification_cli.terminal.subjects import CLAUSE, ONE_EVENT, ONE_RULE
from backendai_notification_cli.terminal.times import local_time, period, time_option, timestamp

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api


@click.command(
    epilog=examples(
        "notification event explain 0b6d5a0e --rule Started",
        "notification event explain --where session_id=s-1",
    )
)
@click.argument("event_id", required=False, type=ONE_EVENT)
@click.option(
    "--where",
    "clauses",
    multiple=True,
    metavar="CLAUSE",
    type=CLAUSE,
    help="The newest event whose fields meet this, as in session_id=S, instead of EVENT_ID (repeatable).",
)
@click.option(
    "--since",
    metavar="TIME",
    default="24h",
    show_default=True,
    callback=checked(time_option),
    help="With --where: how far back to look, as in 30s, 15m, 24h, 7d (ago), or ISO 8601.",
)
@click.option(
    "--rule", "rule_id", metavar="RULE", type=ONE_RULE, help="Only this rule, with everything about it."
)
@click.option("--all", "every", is_flag=True, help="List all rules and details, however many there are.")
@click.pass_context
@shows(verdicts.EXPLANATION)
def command(
    context: click.Context,
    *,
    event_id: str | None,
    clauses: tuple[str, ...],
    since: datetime,
    rule_id: str | None,
    every: bool,
) -> None:
    """Explain which rules an event fired, and why or why not.

    The rules are those of the moment at which the event was decided. The exit code is 0 if a rule fired, and
    3 if none did.
    """
    if (event_id is None) == (not clauses):
        raise click.UsageError("Give either an EVENT_ID, or clauses that its fields meet with --where.")
    api = connect()
    path = f"{PATH}/{segment(event_id or _newest(api, clauses, since))}/explanation"

    def ask(cursor: str | None) -> dict[str, object]:
        query = only_given(cursor=cursor, limit=str(verdicts.PAGE_SIZE), rule_id=rule_id)
        return api.call("GET", f"{path}?{urlencode(query)}")

    told = verdicts.read_all(api, ask)
    event = api.part(told, "event")
    if chosen().structured:
        show_json(told)
    else:
        approximate = bool(told.get("approximate"))
        headline = verdicts.headline(event, told.get("as_of"), approximate=approximate)
        verdicts.show(told, headline, every=every, detailed=rule_id is not None)
    for note in told.get("notes") or ():
        warn(str(note))
    if not verdicts.fires(told):
        context.exit(ExitCode.NO)


def _newest(api: "Api", clauses: Sequence[str], since: datetime) -> str:
    """Return the id of the newest event that meets the clauses.

    Raises:
        CliError: there is none.
    """
    query = {"where": clauses, **period(since, None)}
    for event in api.records("events", PATH, query, 1, SearchProgress().page):
        return str(event.get("id"))
    warn_of_unknown(api, query)
    raise CliError(
        f"No event since {local_time(timestamp(since))} meets {' and '.join(clauses)}",
        "Look further back with --since 7d; if there is none then, Backend.AI sent no such event",
    )
