"""backend.ai notification event-type update."""

import click

from backendai_notification_cli.commands.notification.event_type.event_types import EVENT_TYPE
from backendai_notification_cli.commands.notification.managed import warn_if_managed
from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import (
    FILE,
    json_object,
    only_given,
    read_text,
    require_change,
)
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success
from backendai_notification_cli.terminal.subjects import ONE_EVENT_TYPE


@click.command(epilog=examples("notification event-type update quota.exceeded --schema-file schema.json"))
@shows(EVENT_TYPE)
@click.argument("name", type=ONE_EVENT_TYPE)
@click.option("--schema-file", type=FILE, help="Update the JSON Schema from a file (use '-' for stdin).")
@click.option("--description", help="Update the description.")
def command(name: str, schema_file: str | None, description: str | None) -> None:
    """Update a custom event type."""
    schema = None if schema_file is None else json_object(read_text(schema_file), "schema")
    changes = only_given(description=description, json_schema=schema)
    require_change(changes)
    path = f"/notifications/event-types/{segment(name)}"
    event_type = connect().item("event_type", "PATCH", path, changes)
    success(f"Event type updated: {event_type.get('name')}")
    warn_if_managed("event type", event_type)
    show_changed(event_type)
