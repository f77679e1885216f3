"""backend.ai notification event emit."""

import click

from backendai_notification_cli.inputs import FILE, exactly_one_of, json_object
from backendai_notification_cli.output import show_json, success
from backendai_notification_cli.service import connect
from backendai_notification_cli.surplus import DATA_EXAMPLE, QuotedTextCommand


@click.command(cls=QuotedTextCommand, file_option="--data-file", example=DATA_EXAMPLE)
@click.argument("rule_type")
@click.option("--data", help="Message fields as a JSON object.")
@click.option("--data-file", type=FILE, help="Message fields from a JSON file (use '-' for stdin).")
def command(rule_type: str, data: str | None, data_file: str | None) -> None:
    """Send an event."""
    fields = json_object(exactly_one_of("--data", data, "--data-file", data_file))
    body = {"rule_type": rule_type, "notification_data": fields}
    event_id = connect().text("event_id", "POST", "/notifications/events", body)
    success(f"Event accepted: {event_id}")
    show_json({"event_id": event_id})
