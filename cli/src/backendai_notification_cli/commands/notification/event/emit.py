"""backend.ai notification event emit."""

import click

from backendai_notification_cli.fields import Fields, field_options
from backendai_notification_cli.output import show_json, success
from backendai_notification_cli.service import connect
from backendai_notification_cli.surplus import DATA_EXAMPLE, QuotedTextCommand


@click.command(cls=QuotedTextCommand, file_option="--data-file", example=DATA_EXAMPLE)
@click.argument("rule_type")
@field_options
def command(rule_type: str, fields: Fields) -> None:
    """Send an event."""
    api = connect()
    body = {"rule_type": rule_type, "notification_data": fields.of(api, rule_type)}
    event_id = api.text("event_id", "POST", "/notifications/events", body)
    success(f"Event accepted: {event_id}")
    show_json({"event_id": event_id})
