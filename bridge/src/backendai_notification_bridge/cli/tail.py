"""``tail``: what a running bridge reads, and what it makes of it."""

import json
import time
from collections.abc import Iterator
from typing import Any

import click

from backendai_notification_bridge.cli.common import opened
from backendai_notification_bridge.cli.options import settings_options
from backendai_notification_bridge.settings import Settings
from backendai_notification_bridge.spool import counting
from backendai_notification_bridge.spool.database import Database

LOOK_SECONDS = 0.5


@click.command()
@click.option("-f", "--follow", is_flag=True, help="Continue until interrupted.")
@click.option(
    "-n",
    "--lines",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="How many of the last lines to show first.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line each, with the whole events.")
@settings_options
def tail(settings: Settings, *, follow: bool, lines: int, as_json: bool) -> None:
    """Show what the running bridge reads, and the events that it makes of it.

    Entries of which no event is made, some nine of ten, are only counted: see ``stats``.
    """
    with opened(settings.spool.file) as database:
        for line in _lines(database, lines, follow=follow):
            click.echo(json.dumps(line, ensure_ascii=False) if as_json else _told(line))


def _lines(database: Database, lines: int, *, follow: bool) -> Iterator[dict[str, Any]]:
    with database.reading() as connection:
        found = counting.told(connection, 0)
    last = found[-1][0] if found else 0
    yield from (line for _, line in found[len(found) - min(lines, len(found)) :])
    while follow:
        time.sleep(LOOK_SECONDS)
        with database.reading() as connection:
            found = counting.told(connection, last)
        last = found[-1][0] if found else last
        yield from (line for _, line in found)


def _told(line: dict[str, Any]) -> str:
    made = ", ".join(f"{event['type']} {event['id'][:12]}" for event in line["events"])
    became = made or f"dropped: {line['dropped']}"
    return f"{line['came']}  {line['via']:<6} {line['name']} from {line['source']}  ->  {became}"
