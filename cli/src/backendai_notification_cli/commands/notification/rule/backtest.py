"""backend.ai notification rule backtest."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.rule.backtest_counts import (
    BACKTEST,
    MEMBERS,
    WITH_WINDOWS,
    Max,
    beyond,
    merged,
    parse_max,
)
from backendai_notification_cli.commands.notification.rule.backtest_text import count, show
from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import FILE, checked, only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json, warn
from backendai_notification_cli.terminal.paging import pages
from backendai_notification_cli.terminal.record_options import until_option
from backendai_notification_cli.terminal.subjects import ONE_RULE
from backendai_notification_cli.terminal.times import period, time_option

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.drafts import Drafts

PATH = "/notifications/backtests"
_PLACE = re.compile(r"(?:body\.)?rule\.")
"""How the service begins what it says about the draft."""


@click.command(
    epilog=examples(
        "notification rule backtest Started --since 7d",
        "notification rule backtest Started -f draft.yaml --compare",
        "notification rule backtest -f draft.yaml --since 30d --max 20/h",
    )
)
@click.argument("rule_id", metavar="[RULE]", required=False, type=ONE_RULE)
@click.option("-f", "--draft", "draft", type=FILE, help="Try the rule of a YAML or JSON file.")
@click.option(
    "--since",
    metavar="TIME",
    default="7d",
    show_default=True,
    callback=checked(time_option),
    help="Only events recorded from then on: 24h, 7d (ago), or ISO 8601 (local time if it names no zone).",
)
@until_option
@click.option("--compare", is_flag=True, help="With -f: count the events on which the stored rule differs.")
@click.option(
    "--max",
    "most",
    metavar="N/h|N/d",
    callback=checked(parse_max),
    help="Exit with 3 if any hour, or any day, has more hits than this.",
)
@click.pass_context
@shows(BACKTEST)
def command(
    context: click.Context,
    *,
    rule_id: str | None,
    draft: str | None,
    since: datetime,
    until: datetime | None,
    compare: bool,
    most: Max | None,
) -> None:
    """Try a rule with recorded events: how often it would have fired.

    With -f the rule of a file is tried; it stands in for RULE, or for the stored rule that it names. Each
    message is rendered, but nothing is sent or written. A disabled rule is tried as if it were enabled. The
    exit code is 3 if there are more hits than --max allows, otherwise 0, even without any.
    """
    if rule_id is None and draft is None:
        raise click.UsageError("Give a RULE, or one in a file with -f.")
    if compare and draft is None:
        raise click.UsageError("--compare needs a rule in a file, given with -f.")
    end = until or datetime.now(UTC)
    drafts = None if draft is None else _loaded(draft)
    asked = {
        **only_given(rule_id=rule_id, rule=drafts and drafts.rules[0]),
        **period(since, end),
        "compare": compare,
    }
    told = {**_tried(asked, drafts, since, end), "since": asked["since"], "until": asked["until"]}
    past = {} if most is None else beyond(told["hours"], most)
    if chosen().structured:
        shown_past = {at.isoformat(): hits for at, hits in past.items()}
        show_json(told | ({} if most is None else {"max": str(most), "past_max": shown_past}))
    else:
        show(told)
    if most is not None and past:
        _warn(past, most)
        context.exit(ExitCode.NO)


def _loaded(path: str) -> "Drafts":
    from backendai_notification_cli.commands.notification import drafts

    found = drafts.load(path)
    if len(found.rules) != 1:
        raise CliError(f"{path} has {len(found.rules)} rules: a backtest tries one")
    return found


def _tried(
    asked: Mapping[str, Any], drafts: "Drafts | None", since: datetime, until: datetime
) -> dict[str, Any]:
    api = connect()
    windows: str | None = None

    def ask(cursor: str | None) -> dict[str, Any]:
        nonlocal windows
        try:
            page = api.call("POST", PATH, {**asked, "cursor": cursor, **only_given(windows=windows)})
        except Refused as refused:
            if drafts is None or not _PLACE.match(refused.served):
                raise
            told = _PLACE.sub("rules.0.", refused.served, count=1)
            raise drafts.explained(Refused(refused.status, told, *refused.details)) from None
        windows = page.get("windows")
        more = {name: page[name] for name in WITH_WINDOWS if page.get(name) is not None}
        return {name: api.value(page, name) for name in (*MEMBERS, "next", "reached_at")} | more

    return merged(pages(ask, since, until, "Trying events"))


def _warn(past: Mapping[datetime, int], most: Max) -> None:
    noun, form = ("hour", "%Y-%m-%d %H:%M") if most.per == "h" else ("day", "%Y-%m-%d")
    at, hits = next(iter(past.items()))
    others = len(past) - 1
    more = f", and more than {most} in {others} other{'' if others == 1 else 's'}" if others else ""
    warn(f"{count(hits, 'hit')} in the {noun} of {at.strftime(form)}, more than {most}{more}")
