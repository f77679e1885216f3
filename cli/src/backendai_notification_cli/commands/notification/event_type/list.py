"""backend.ai notification event-type list."""

import click

from backendai_notification_cli.commands.notification.event_type.event_types import EVENT_TYPE
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Item, shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option
from backendai_notification_cli.terminal.searching import has_text, search_option


@click.command(
    epilog=examples(
        "notification event-type list --search project",
        "notification event-type list --jq '.[] | select(.built_in | not).name'",
    )
)
@shows(EVENT_TYPE)
@search_option("List only event types with this in their name, description or fields, in any case.")
@limit_option
def command(search: str | None, limit: int | None) -> None:
    """List all event types."""
    found = connect().items("event_types", "/notifications/event-types")
    show_all([each for each in found if has_text(search, _texts(each))][:limit])


def _texts(event_type: Item) -> tuple[object, ...]:
    fields = (event_type.get("json_schema") or {}).get("properties") or ()
    return (event_type.get("name"), event_type.get("description"), *fields)
