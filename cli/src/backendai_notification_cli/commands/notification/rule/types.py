"""backend.ai notification rule types."""

from collections.abc import Iterable, Iterator

import click

from backendai_notification_cli.commands.notification.event_type.event_types import EVENT_TYPE
from backendai_notification_cli.commands.notification.rule.schema_text import INDENT, describe
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Item, shows
from backendai_notification_cli.terminal.output import show_all, show_lines
from backendai_notification_cli.terminal.visible import visible


@click.command(epilog=examples("notification rule types"))
@shows(EVENT_TYPE)
def command() -> None:
    """List the rule types with their message fields."""
    found = connect().items("event_types", "/notifications/event-types")
    if chosen().of_list().structured:
        show_all(found)
    else:
        show_lines(_lines(found))


def _lines(event_types: Iterable[Item]) -> Iterator[str]:
    yield "Available notification rule types:"
    for event_type in event_types:
        yield from ("", f"• {visible(event_type.get('name'))}")
        yield from describe(event_type.get("json_schema") or {}, INDENT)
