"""backend.ai notification rule schema."""

import click

from backendai_notification_cli.commands.notification.event_type.event_types import EVENT_TYPE
from backendai_notification_cli.commands.notification.rule.schema_text import describe
from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_lines, show_reply
from backendai_notification_cli.terminal.subjects import ONE_EVENT_TYPE
from backendai_notification_cli.terminal.visible import visible


@click.command(epilog=examples("notification rule schema session.started"))
@shows(EVENT_TYPE)
@click.argument("rule_type", type=ONE_EVENT_TYPE)
def command(rule_type: str) -> None:
    """Show the message fields of a rule type."""
    found = connect().item("event_type", "GET", f"/notifications/event-types/{segment(rule_type)}")
    head = [f"Schema for rule type: {visible(found.get('name'))}", ""]
    show_reply(found, lambda: show_lines([*head, *describe(found.get("json_schema") or {})]))
