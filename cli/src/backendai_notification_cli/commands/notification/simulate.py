"""backend.ai notification simulate."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification import verdicts
from backendai_notification_cli.commands.notification.fields import Fields, optional_field_options
from backendai_notification_cli.errors import Refused
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import FILE, checked, only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json, warn
from backendai_notification_cli.terminal.subjects import RULE_OR_DRAFT, RULE_TYPE
from backendai_notification_cli.terminal.surplus import DATA_EXAMPLE, QuotedTextCommand
from backendai_notification_cli.terminal.times import event_time

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.drafts import Drafts
    from backendai_notification_cli.http.api import Api

PATH = "/notifications/simulations"


@click.command(
    cls=QuotedTextCommand,
    file_option="--data-file",
    example=DATA_EXAMPLE,
    epilog=examples(
        "notification simulate session.started --sample",
        'notification simulate session.terminated --data \'{"status": "ERROR"}\' -f draft.yaml',
    ),
)
@click.argument("rule_type", required=False, type=RULE_TYPE)
@optional_field_options
@click.option(
    "--at",
    metavar="TIME",
    callback=checked(event_time),
    help="The event's own time, whose mutes it meets (default: now).",
)
@click.option("-f", "--draft", "draft", type=FILE, help="Also try the rules of a YAML or JSON file.")
@click.option(
    "--rule",
    "rule_id",
    metavar="RULE",
    type=RULE_OR_DRAFT,
    help="Only this rule, with everything about it; draft-1 is a file's first.",
)
@click.option("--all", "every", is_flag=True, help="List all rules and details, however many there are.")
@click.option("--tests", type=FILE, help="Run the tests of a YAML or JSON file instead.")
@click.pass_context
@shows(verdicts.SIMULATION)
def command(
    context: click.Context,
    *,
    rule_type: str | None,
    fields: Fields | None,
    at: str | None,
    draft: str | None,
    rule_id: str | None,
    every: bool,
    tests: str | None,
) -> None:
    """Tell which rules an event would fire, why or why not, and what they would send.

    Nothing is sent or written. The exit code is 0 if a rule fires, and 3 if none does, or if a test fails.
    """
    if tests is not None:
        if (rule_type, fields, at, rule_id, every) != (None, None, None, None, False):
            raise click.UsageError("--tests takes its events from the file: give only -f besides.")
        _run_tests(context, tests, draft)
        return
    if rule_type is None or fields is None:
        raise click.UsageError("Give a RULE_TYPE and --data, --data-file or --sample, or give --tests.")
    drafts = _load(draft)
    api = connect()
    body = only_given(
        rule_type=rule_type,
        notification_data=None if fields.given is None else fields.of(api, rule_type),
        sample=fields.given is None or None,
        timestamp=at,
        rules=None if drafts is None else drafts.rules,
        rule_ids=None if rule_id is None else [rule_id],
    )
    told = simulated(api, body, drafts)
    if chosen().structured:
        show_json(told)
    else:
        verdicts.show(told, every=every, detailed=rule_id is not None)
    for note in told.get("notes") or ():
        warn(str(note))
    if not verdicts.fires(told):
        context.exit(ExitCode.NO)


def simulated(api: "Api", body: Mapping[str, Any], drafts: "Drafts | None") -> dict[str, Any]:
    """Have the service simulate an event; a fault of a draft is told with its place in the file."""

    def ask(cursor: str | None) -> dict[str, Any]:
        return api.call("POST", PATH, {**body, "limit": verdicts.PAGE_SIZE, **only_given(cursor=cursor)})

    try:
        return verdicts.read_all(api, ask)
    except Refused as refused:
        raise (refused if drafts is None else drafts.explained(refused)) from None


def _load(path: str | None) -> "Drafts | None":
    if path is None:
        return None
    from backendai_notification_cli.commands.notification import drafts

    return drafts.load(path)


def _run_tests(context: click.Context, path: str, draft: str | None) -> None:
    from backendai_notification_cli.commands.notification import simulation_tests

    if not simulation_tests.run(connect(), path, _load(draft)):
        context.exit(ExitCode.NO)
