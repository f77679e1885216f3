"""backend.ai notification event-type delete."""

from dataclasses import replace

import click

from backendai_notification_cli.commands.notification import consequences
from backendai_notification_cli.commands.notification.managed import MADE_AGAIN, warn_if_managed
from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.deletion import DELETED, Deletion, deletion_options
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.subjects import ONE_EVENT_TYPE


@click.command(epilog=examples("notification event-type delete quota.exceeded --yes"))
@shows(replace(DELETED, id="name"))
@click.argument("name", type=ONE_EVENT_TYPE)
@deletion_options
def command(*, name: str, deletion: Deletion) -> None:
    """Delete a custom event type."""
    api, path = connect(), f"/notifications/event-types/{segment(name)}"
    event_type = api.item("event_type", "GET", path)
    warn_if_managed("event type", event_type, MADE_AGAIN)
    if not deletion.agreed(lambda: consequences.of_event_type(event_type)):
        return
    reply = api.call("DELETE", path)
    success(f"Event type deleted: {name}")
    show_done({"name": name, **reply})
