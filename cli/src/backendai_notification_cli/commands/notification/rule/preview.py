"""backend.ai notification rule preview."""

from typing import Any

import click

from backendai_notification_cli.commands.notification.channel.spec import PRESETS
from backendai_notification_cli.commands.notification.fields import Fields, optional_field_options
from backendai_notification_cli.commands.notification.rule.parts import MessageOptions, message_options
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.terminal import offered
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_reply, success, warn
from backendai_notification_cli.terminal.subjects import ONE_EVENT, ONE_RULE, RULE_TYPE
from backendai_notification_cli.terminal.surplus import DATA_EXAMPLE, QuotedTextCommand

PATH = "/notifications/previews"
DEFAULT_TYPE = "session.started"
PREVIEW = Kind(
    labels={},
    fields=(
        *("channel_type", "preset", "rule_type", "event_id", "timestamp", "shown", "subject", "body"),
        *("html", "warnings"),
    ),
)


@click.command(
    cls=QuotedTextCommand,
    file_option="--data-file",
    example=DATA_EXAMPLE,
    epilog=examples("notification rule preview Started --sample"),
)
@shows(PREVIEW)
@click.argument("rule_id", metavar="[RULE]", required=False, type=ONE_RULE)
@click.option(
    "--preset",
    metavar="NAME",
    shell_complete=offered.words(PRESETS),
    help="Without a rule: the service, as in slack, teams or discord.",
)
@click.option(
    "--type",
    "rule_type",
    metavar="TYPE",
    type=RULE_TYPE,
    help="With --preset: the event type, by default session.started.",
)
@optional_field_options
@click.option("--event", "event_id", metavar="EVENT", type=ONE_EVENT, help="A recorded event.")
@message_options
@click.option("--timezone", metavar="ZONE", help="Time zone of times, as in Asia/Seoul.")
@click.option(
    "--html", type=click.Path(dir_okay=False, writable=True), help="Write a page with a picture of it."
)
def command(
    *,
    rule_id: str | None,
    preset: str | None,
    rule_type: str | None,
    fields: Fields | None,
    event_id: str | None,
    message: MessageOptions,
    timezone: str | None,
    html: str | None,
) -> None:
    """Show what readers will see of a rule's message, or of the default message in a service.

    The event is a recorded one, has the given fields, or is a sample, which it is if none is named. Nothing
    is sent.
    """
    if (rule_id is None) == (preset is None):
        raise click.UsageError("Give either a RULE or --preset.")
    if rule_id is not None and rule_type is not None:
        raise click.UsageError("--type belongs to --preset: a rule has a type.")
    if event_id is not None and fields is not None:
        raise CliError("Cannot specify --event together with --data, --data-file or --sample")
    api = connect()
    body = only_given(
        rule_id=rule_id,
        preset=preset,
        rule_type=rule_type,
        message=message.message() or None,
        timezone=timezone,
        event_id=event_id,
        **_event(api, fields, rule_id, rule_type, event_id),
    )
    told = api.call("POST", PATH, body)
    for member in ("channel_type", "body", "shown", "warnings"):
        api.value(told, member)
    show_reply(told, lambda: _show(told))
    if html is not None:
        from backendai_notification_cli.commands.notification.rule import preview_page

        preview_page.write(html, told)
        success(f"Page written: {html}")
    for warning in told["warnings"] or ():
        warn(str(warning))


def _event(
    api: Any, fields: Fields | None, rule_id: str | None, rule_type: str | None, event_id: str | None
) -> dict[str, Any]:
    if event_id is not None:
        return {}
    if fields is None or fields.given is None:
        return {"sample": True}
    if rule_id is not None:
        return {"notification_data": fields.of_rule(api, f"/notifications/rules/{rule_id}{WITH_CUSTOM}")}
    return {"notification_data": fields.named(rule_type or DEFAULT_TYPE)}


def _show(told: dict[str, Any]) -> None:
    from backendai_notification_cli.commands.notification.rule import preview_text

    preview_text.show(told)
