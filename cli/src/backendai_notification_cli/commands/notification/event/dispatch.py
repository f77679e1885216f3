"""backend.ai notification event dispatch."""

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.bulk import Request, ask_all, can_ask_for_confirmation
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.events import (
    LABELS,
    NOTHING,
    PATH,
    UNDISPATCHED,
    Filters,
    filter_options,
    plural,
)
from backendai_notification_cli.inputs import require_event_id
from backendai_notification_cli.output import show_json, show_list, success
from backendai_notification_cli.record_options import rate_option
from backendai_notification_cli.service import connect, segment

if TYPE_CHECKING:
    from backendai_notification_cli.api import Api


@click.command()
@click.argument("event_id", required=False)
@filter_options
@click.option("--dry-run", is_flag=True, help="List the events and dispatch none.")
@rate_option("Events a second.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def command(*, event_id: str | None, filters: Filters, dry_run: bool, rate: int, yes: bool) -> None:
    """Dispatch recorded events anew.

    Give one EVENT_ID, or filters to dispatch all that match: those that were refused or are dead letters,
    unless --status asks for others. Rules that have a delivery of an event already get none again.
    """
    if event_id is not None:
        if filters != Filters() or dry_run:
            raise click.UsageError("EVENT_ID cannot be used together with filters or --dry-run.")
        found_id = require_event_id(event_id)
        event = _dispatch(connect(), found_id)
        success(f"Dispatch queued: {found_id}")
        show_json(event)
        return
    if filters == Filters():
        raise click.UsageError("Give an EVENT_ID or at least one filter.")
    query = filters.query()
    if not dry_run and not yes and not can_ask_for_confirmation():
        raise CliError("Cannot ask for confirmation without a terminal: give --yes or --dry-run")
    api = connect()
    found = _found(api, query)
    if dry_run:
        show_list(found, LABELS, NOTHING)
        success(f"{plural(len(found))} would be dispatched")
    elif not found:
        success("No events to dispatch")
    elif yes or click.confirm(f"Dispatch {plural(len(found))}?", err=True):
        request = Request(partial(_dispatch, api), "Dispatching", "queued", plural)
        ask_all(request, [str(item.get("id")) for item in found], rate)
    else:
        raise CliError("Nothing was dispatched")


def _found(api: "Api", query: dict[str, str]) -> list[dict[str, Any]]:
    """List what matches before the first is dispatched: that changes what matches."""
    statuses = [query["status"]] if "status" in query else UNDISPATCHED
    return [item for status in statuses for item in api.records("events", PATH, query | {"status": status})]


def _dispatch(api: "Api", event_id: str) -> dict[str, Any]:
    return api.item("event", "POST", f"{PATH}/{segment(event_id)}/dispatch")
