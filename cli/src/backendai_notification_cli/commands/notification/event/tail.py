"""backend.ai notification event tail."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.event.events import ENDED, EVENT, PATH, where_option
from backendai_notification_cli.commands.notification.event.followed import line
from backendai_notification_cli.commands.notification.unknown import warn_of_unknown
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_streamed, success
from backendai_notification_cli.terminal.polling import polled
from backendai_notification_cli.terminal.subjects import RULE_TYPE

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api


@click.command(
    epilog=examples(
        "notification event tail --rule-type session.terminated",
        "notification event tail --where 'status=ERROR' --where 'context.project=ml'",
        "notification event tail -o jsonl",
    )
)
@shows(EVENT)
@where_option
@click.option("--rule-type", metavar="RULE_TYPE", type=RULE_TYPE, help="Of this type.")
@click.option("--status", type=click.Choice(ENDED, case_sensitive=False), help="With this status.")
def command(where: Sequence[str], rule_type: str | None, status: str | None) -> None:
    """Follow events until Ctrl-C.

    Prints a line for each event when it has been dispatched: time, status, rule type, event, the reason if
    there is one, and what became of it for each rule.
    """
    wanted = only_given(where=list(where) or None, rule_type=rule_type, status=status)
    api = connect()
    warn_of_unknown(api, wanted)
    for event in _follow(api, wanted):
        show_streamed(event, line(event))


def _follow(api: "Api", wanted: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each event once. The service tells which are new: they come into its index in no order."""
    position = None

    def ask() -> Iterator[Mapping[str, Any]]:
        nonlocal position
        more = True
        while more:
            reply = api.call("POST", f"{PATH}/tail", {**wanted, "position": position})
            if position is None:
                success("Following from now on")
            events, more = api.objects(reply, "events"), bool(api.value(reply, "more"))
            position = api.value(reply, "position")
            yield from events

    yield from polled(ask)
