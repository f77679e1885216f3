"""backend.ai notification event-type create."""

import click

from backendai_notification_cli.commands.notification.event_type.event_types import EVENT_TYPE
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import FILE, json_object, only_given, read_text
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success


@click.command(epilog=examples("notification event-type create quota.exceeded --schema-file schema.json"))
@shows(EVENT_TYPE)
@click.argument("name")
@click.option(
    "--schema-file",
    type=FILE,
    required=True,
    help="JSON Schema of the message fields, from a file (use '-' for stdin).",
)
@click.option("--description", help="Event type description.")
def command(name: str, schema_file: str, description: str | None) -> None:
    """Create a custom event type."""
    schema = json_object(read_text(schema_file), "schema")
    body = only_given(name=name, description=description, json_schema=schema)
    event_type = connect().item("event_type", "POST", "/notifications/event-types", body)
    success(f"Event type created: {event_type.get('name')}")
    show_changed(event_type)
