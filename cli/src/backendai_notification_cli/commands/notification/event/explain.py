"""backend.ai notification event explain."""

from urllib.parse import urlencode

import click

from backendai_notification_cli.commands.notification import verdicts
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.output import show_json, warn
from backendai_notification_cli.terminal.subjects import ONE_EVENT, ONE_RULE


@click.command(
    epilog=examples(
        "notification event explain 0b6d5a0e", "notification event explain 0b6d5a0e --rule Started"
    )
)
@click.argument("event_id", type=ONE_EVENT)
@click.option(
    "--rule", "rule_id", metavar="RULE", type=ONE_RULE, help="Only this rule, with everything about it."
)
@click.option("--all", "every", is_flag=True, help="List all rules and details, however many there are.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_context
def command(
    context: click.Context, *, event_id: str, rule_id: str | None, every: bool, as_json: bool
) -> None:
    """Explain which rules an event fired, and why or why not.

    The rules are those of the moment at which the event was decided. The exit code is 0 if a rule fired, and
    3 if none did.
    """
    path = f"/notifications/events/{segment(event_id)}/explanation"
    api = connect()

    def ask(cursor: str | None) -> dict[str, object]:
        query = only_given(cursor=cursor, limit=str(verdicts.PAGE_SIZE), rule_id=rule_id)
        return api.call("GET", f"{path}?{urlencode(query)}")

    told = verdicts.read_all(api, ask)
    event = api.part(told, "event")
    if as_json or chosen().structured:
        show_json(told)
    else:
        approximate = bool(told.get("approximate"))
        headline = verdicts.headline(event, told.get("as_of"), approximate=approximate)
        verdicts.show(told, headline, every=every, detailed=rule_id is not None)
    for note in told.get("notes") or ():
        warn(str(note))
    if not verdicts.fires(told):
        context.exit(ExitCode.NO)
