"""backend.ai notification status."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.choice import chosen, on_terminal
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import Kind, shows
from backendai_notification_cli.terminal.output import show_reply, show_streamed, show_text
from backendai_notification_cli.terminal.visible import visible_text

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

STATUS = "/notifications/status"
FIELDS = (
    *("well", "problems", "channels", "deliveries", "events", "mutes", "queues", "overdue_seconds"),
    *("causes", "overdue", "minutes", "service_version", "at"),
)
WATCH_SECONDS = 5
"""The interval of --watch. Each look costs the service a query for each channel and shard."""

CLEAR = "\x1b[H\x1b[2J"


@click.command(
    epilog=examples(
        "notification status", "notification status --jq '.channels[] | select(.state != \"active\").name'"
    )
)
@shows(Kind(labels={}, fields=FIELDS))
@click.option("--watch", is_flag=True, help=f"Look again every {WATCH_SECONDS} s, until Ctrl-C.")
@click.pass_context
def command(context: click.Context, *, watch: bool) -> None:
    """Tell at a glance whether the service is well.

    The exit code is 0 if it is, 3 if it is not, and 1 if that cannot be told.
    """
    api = connect()
    if watch:
        _watch(api)
        return
    found = _ask(api)
    show_reply(found, lambda: show_text(_text(found)))
    if not found.get("well"):
        context.exit(ExitCode.NO)


def _ask(api: "Api") -> dict[str, Any]:
    found = api.call("GET", STATUS)
    for key in ("channels", "queues"):
        api.objects(found, key)
    api.value(found, "well")
    return found


def _watch(api: "Api") -> None:
    from backendai_notification_cli.terminal.polling import polled

    for found in polled(lambda: [_ask(api)], WATCH_SECONDS):
        if on_terminal() and not chosen().structured:
            click.echo(CLEAR, nl=False)
        show_streamed(found, _text(found))


def _text(found: Mapping[str, Any]) -> str:
    from backendai_notification_cli.commands.notification import status_text

    return visible_text("\n".join(status_text.lines(found)))
