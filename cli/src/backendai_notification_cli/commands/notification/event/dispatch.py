"""backend.ai notification event dispatch."""

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.event.events import (
    EVENT,
    PATH,
    UNDISPATCHED,
    Filters,
    filter_options,
    plural,
)
from backendai_notification_cli.commands.notification.unknown import or_warn, warn_of_unknown
from backendai_notification_cli.http.service import connect, segment
from backendai_notification_cli.terminal.bulk import (
    Choices,
    Request,
    Words,
    ask_found,
    choice_options,
    require_confirmation,
    require_one_or_filters,
)
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json, success
from backendai_notification_cli.terminal.subjects import ONE_EVENT

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

WORDS = Words("dispatch", "Dispatching", "dispatched", "queued", plural)


@click.command(
    epilog=examples(
        "notification event dispatch 0b6d5a0e",
        "notification event dispatch --status refused --since 24h --dry-run",
    )
)
@shows(EVENT)
@click.argument("event_id", required=False, type=ONE_EVENT)
@filter_options
@choice_options(WORDS)
def command(*, event_id: str | None, filters: Filters, choices: Choices) -> None:
    """Dispatch recorded events again.

    Give one EVENT_ID, or filters to dispatch all that match: refused ones and dead letters, unless --status
    asks for others. A rule that already has a delivery of an event gets no other one.
    """
    require_one_or_filters("EVENT_ID", event_id, choices, filtered=filters != Filters())
    if event_id is not None:
        event = _dispatch(connect(), event_id)
        success(f"Dispatch queued: {event_id}")
        show_json(event)
        return
    query = filters.query()
    require_confirmation(choices)
    api = connect()
    ask_found(Request(partial(_dispatch, api), WORDS), _found(api, query), choices, EVENT)


def _found(api: "Api", query: dict[str, str]) -> list[dict[str, Any]]:
    """List all matches before the first dispatch, because dispatching changes what matches."""
    statuses = [query["status"]] if "status" in query else UNDISPATCHED
    every = (item for status in statuses for item in api.records("events", PATH, query | {"status": status}))
    return [*or_warn(every, lambda: warn_of_unknown(api, query))]


def _dispatch(api: "Api", event_id: str) -> dict[str, Any]:
    return api.item("event", "POST", f"{PATH}/{segment(event_id)}/dispatch")
