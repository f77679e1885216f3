"""backend.ai notification audit list."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from backendai_notification_cli.commands.notification.revisions import as_texts, short_author
from backendai_notification_cli.commands.notification.unknown import or_warn
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.nearest import hint
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.kinds import Column, Item, Kind, shows
from backendai_notification_cli.terminal.output import show_all, warn
from backendai_notification_cli.terminal.record_options import limit_option, since_option, until_option
from backendai_notification_cli.terminal.subjects import KEYPAIR
from backendai_notification_cli.terminal.times import period

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

PATH = "/notifications/audit"
SEARCHED = 1_000
"""How many of the newest changes are searched for who may be meant."""

WHO = ("name", "access_key", "user_id")
KINDS = ("rule", "channel", "event-type", "mute")
LABELS = {
    "At": "created_at",
    "By": "by",
    "Action": "action",
    "Kind": "kind",
    "ID": "id",
    "Name": "name",
    "Revision": "number",
    "Changed": "changed",
}


def _kind(entry: Item) -> str:
    return str(entry.get("kind")).replace("_", "-")


ENTRY = Kind(
    labels=LABELS,
    nothing="No changes found",
    fields=("created_at", "by", "action", "kind", "id", "name", "number", "changed"),
    columns=(
        Column("when", "created_at", "time"),
        Column("by", short_author),
        Column("action", "action"),
        Column("kind", _kind),
        Column("name", "name"),
        Column("changed", "changed"),
        Column("id", "id", "id"),
    ),
    block=lambda entry: {**as_texts(entry), "kind": _kind(entry)},
)


@click.command(
    epilog=examples(
        "notification audit list --since 7d --kind rule",
        "notification audit list --by deploy --limit 20 -o jsonl",
    )
)
@shows(ENTRY)
@since_option
@until_option
@click.option(
    "--by", metavar="WHO", type=KEYPAIR, help="By this keypair (its name or access key) or user id."
)
@click.option("--kind", type=click.Choice(KINDS), help="Only changes of these.")
@limit_option
def command(
    *, since: datetime | None, until: datetime | None, by: str | None, kind: str | None, limit: int | None
) -> None:
    """List changes of the configuration.

    The newest comes first: who changed which channel, rule, event type or mute, and when.
    """
    asked = only_given(by=by, kind=kind and kind.replace("-", "_")) | period(since, until)
    api = connect()
    found = api.records("entries", PATH, asked, limit)
    show_all(or_warn(found, lambda: None if by is None else _warn_of_nobody(api, by)))


def _warn_of_nobody(api: "Api", by: str) -> None:
    """Warn that nobody of this name changed anything lately: the API has no list of keypairs."""
    authors = [entry["by"] for entry in api.records("entries", PATH, {}, SEARCHED) if entry.get("by")]
    known = {str(author[name]) for author in authors for name in WHO if author.get(name)}
    if by not in known:
        warn(f"None of the last {SEARCHED:,} changes is by '{by}'{hint(by, known)}")
