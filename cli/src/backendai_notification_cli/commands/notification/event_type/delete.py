"""backend.ai notification event-type delete."""

import click

from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.output import show_done, success
from backendai_notification_cli.terminal.subjects import ONE_EVENT_TYPE


@click.command()
@click.argument("name", type=ONE_EVENT_TYPE)
def command(name: str) -> None:
    """Delete a custom event type."""
    reply = connect().call("DELETE", f"/notifications/event-types/{segment(name)}")
    success(f"Event type deleted: {name}")
    show_done({"name": name, **reply})
