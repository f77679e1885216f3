"""backend.ai notification delivery retry."""

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.commands.notification.delivery.deliveries import (
    DELIVERY,
    KEPT_BACK,
    ON_REQUEST,
    PATH,
    Filters,
    filter_options,
    plural,
)
from backendai_notification_cli.commands.notification.delivery.naming import named
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
from backendai_notification_cli.terminal.choice import has_columns
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success
from backendai_notification_cli.terminal.subjects import ONE_DELIVERY

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

WORDS = Words("retry", "Retrying", "retried", "retried", plural)


@click.command(
    epilog=examples(
        "notification delivery retry 0b6d5a0e_660e8400 --render",
        "notification delivery retry --channel Ops --status failed --since 24h --dry-run",
    )
)
@shows(DELIVERY)
@click.argument("delivery_id", required=False, type=ONE_DELIVERY)
@filter_options
@choice_options(WORDS)
@click.option("--render", is_flag=True, help="Render the message anew, with the rule's present template.")
def command(*, delivery_id: str | None, filters: Filters, choices: Choices, render: bool) -> None:
    """Retry deliveries.

    Give one DELIVERY_ID, or filters to retry all that match. Delivered and pending ones, repeats, and what
    mutes kept back are left out, unless --status or --mute asks for them.
    """
    require_one_or_filters("DELIVERY_ID", delivery_id, choices, filtered=filters != Filters())
    if delivery_id is not None:
        _retry_one(delivery_id, render=render)
        return
    query = filters.query()
    require_confirmation(choices)
    api = connect()
    found = _found(api, query)
    shown = [*named(api, found)] if choices.dry_run and has_columns() else found
    ask_found(Request(partial(_retry, api, render=render), WORDS), shown, choices, DELIVERY)


def _retry_one(delivery_id: str, *, render: bool) -> None:
    delivery = _retry(connect(), delivery_id, render=render)
    skipped = delivery.get("status") == "skipped"
    success(f"Nothing to send: {delivery.get('reason')}" if skipped else f"Retry queued: {delivery_id}")
    show_changed(delivery)


def _found(api: "Api", query: dict[str, str]) -> list[dict[str, Any]]:
    """List all matches before the first retry, because retries change what matches."""
    every = api.records("deliveries", PATH, query)
    every = or_warn(every, lambda: warn_of_unknown(api, query))
    return [item for item in every if query.keys() & {"status", "mute"} or not _only_on_request(item)]


def _only_on_request(delivery: dict[str, Any]) -> bool:
    reason = str(delivery.get("reason"))
    return delivery.get("status") in ON_REQUEST or reason.startswith(KEPT_BACK)


def _retry(api: "Api", delivery_id: str, *, render: bool) -> dict[str, Any]:
    body = {"message": "rendered" if render else "recorded"}
    return api.item("delivery", "POST", f"{PATH}/{segment(delivery_id)}/retry", body)
