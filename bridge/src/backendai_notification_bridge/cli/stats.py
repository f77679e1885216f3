"""``stats``: what was read, made, put and dropped, and what waits."""

import json
from datetime import UTC, datetime
from typing import Any

import click

from backendai_notification_bridge.cli.common import opened
from backendai_notification_bridge.cli.options import settings_options
from backendai_notification_bridge.running.metrics import lag
from backendai_notification_bridge.settings import Settings
from backendai_notification_bridge.spool.spool import Spool


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@settings_options
def stats(settings: Settings, *, as_json: bool) -> None:
    """Show what was read, made, put and dropped, and what waits."""
    with opened(settings.spool.file) as database:
        document = _document(Spool(database, settings.spool.max_bytes))
    if as_json:
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    for what, values in document.items():
        if isinstance(values, dict):
            click.echo(f"{what}:")
            for name, value in values.items():
                click.echo(f"  {name:<40} {value:>12,}")
        else:
            click.echo(f"{what}: {values}")


def _document(spool: Spool) -> dict[str, Any]:
    totals, marks = spool.totals(), spool.marks()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "lag_seconds": round(lag(spool.oldest()), 1),
        "stream_position": marks.get("stream.position"),
        "channel_heard_until": marks.get("pubsub.alive"),
        "waiting": {name: total.count for name, total in totals.items()},
        "waiting_bytes": {name: total.bytes for name, total in totals.items()},
        "counters": spool.counters(),
    }
