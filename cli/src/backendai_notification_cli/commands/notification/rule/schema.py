"""backend.ai notification rule schema."""

import click

from backendai_notification_cli.commands.notification.rule.schema_text import describe
from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.visible import visible


@click.command()
@click.argument("rule_type")
def command(rule_type: str) -> None:
    """Show the message fields of a rule type."""
    found = connect().item("event_type", "GET", f"/notifications/event-types/{segment(rule_type)}")
    click.echo(f"Schema for rule type: {visible(found.get('name'))}\n")
    click.echo("\n".join(describe(found.get("json_schema") or {})))
