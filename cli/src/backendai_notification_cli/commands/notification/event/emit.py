"""backend.ai notification event emit."""

import click

from backendai_notification_cli.commands.notification.event.events import EMITTED
from backendai_notification_cli.commands.notification.fields import Fields, field_options
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import checked, require_event_id
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success
from backendai_notification_cli.terminal.subjects import RULE_TYPE
from backendai_notification_cli.terminal.surplus import DATA_EXAMPLE, QuotedTextCommand


@click.command(
    cls=QuotedTextCommand,
    file_option="--data-file",
    example=DATA_EXAMPLE,
    epilog=examples(
        "notification event emit session.started --sample",
        "notification event emit session.started --data-file fields.json --id my-event-1",
    ),
)
@shows(EMITTED)
@click.argument("rule_type", type=RULE_TYPE)
@field_options
@click.option(
    "--id",
    "event_id",
    metavar="ID",
    callback=checked(require_event_id),
    help="The event's id: sent again with the same one within 24 hours, it is still one event.",
)
def command(rule_type: str, fields: Fields, event_id: str | None) -> None:
    """Send an event."""
    api = connect()
    body = {"rule_type": rule_type, "notification_data": fields.of(api, rule_type)}
    key = {} if event_id is None else {"Idempotency-Key": event_id}
    reply = api.call("POST", "/notifications/events", body, key)
    emitted = api.value(reply, "event_id")
    if reply.get("duplicate"):
        success(f"Event was accepted before: {emitted} (it is not sent again)")
    else:
        success(f"Event accepted: {emitted}")
    show_changed(reply)
