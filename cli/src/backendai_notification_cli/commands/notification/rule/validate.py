"""backend.ai notification rule validate."""

import click

from backendai_notification_cli.commands.notification.fields import Fields, field_options
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_reply, show_text, success, warn
from backendai_notification_cli.terminal.subjects import ONE_RULE
from backendai_notification_cli.terminal.surplus import DATA_EXAMPLE, QuotedTextCommand

TRIAL = Kind(labels={}, fields=("message", "fires", "reason", "warnings"))


@click.command(
    cls=QuotedTextCommand,
    file_option="--data-file",
    example=DATA_EXAMPLE,
    epilog=examples(
        "notification rule validate Started --sample",
        'notification rule validate Started --data \'{"session_id": "s-1"}\'',
    ),
)
@shows(TRIAL)
@click.argument("rule_id", metavar="RULE", type=ONE_RULE)
@field_options
@click.option("--strict", is_flag=True, help="Exit with 1 if some of the message is cut, or has no effect.")
@click.pass_context
def command(context: click.Context, *, rule_id: str, fields: Fields, strict: bool) -> None:
    """Test a rule by rendering its template with sample data.

    It says whether the rule fires for such an event, if the rule has a condition, and warns of what its
    channel's service would not show. Nothing is sent.
    """
    api, path = connect(), f"/notifications/rules/{rule_id}"
    data = fields.of_rule(api, path + WITH_CUSTOM)
    reply = api.call("POST", f"{path}/validate{WITH_CUSTOM}", {"notification_data": data})
    message = str(api.value(reply, "message"))
    success(f"Rule validation successful: {rule_id}")
    show_reply(reply, lambda: _show(message))
    if not message.strip():
        success("The message is empty: nothing is sent for such an event, its delivery is skipped")
    if reply.get("fires") is False:
        warn(f"The rule does not fire for such an event: {reply.get('reason')}")
    elif reply.get("reason"):
        success(f"The rule fires for such an event: {reply['reason']}")
    warnings = reply.get("warnings") or ()
    for warning in warnings:
        warn(str(warning))
    if strict and warnings:
        context.exit(ExitCode.FAILURE)


def _show(message: str) -> None:
    if not chosen().quiet:
        click.echo("\nMessage:")
    show_text(message)
