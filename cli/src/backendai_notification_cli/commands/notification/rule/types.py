"""backend.ai notification rule types."""

import click

from backendai_notification_cli.commands.notification.rule.schema_text import INDENT, describe
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.visible import visible


@click.command()
def command() -> None:
    """List the rule types with their message fields."""
    found = connect().items("event_types", "/notifications/event-types")
    click.echo("Available notification rule types:")
    for event_type in found:
        click.echo(f"\n• {visible(event_type.get('name'))}")
        click.echo("\n".join(describe(event_type.get("json_schema") or {}, INDENT)))
