"""``run``: carry events until told to stop."""

import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from backendai_notification_bridge.cli.common import told
from backendai_notification_bridge.cli.options import settings_options
from backendai_notification_bridge.putting.bus import Bus, Outcome
from backendai_notification_bridge.reading.connection import ValkeyEndpoint
from backendai_notification_bridge.running.bridge import Bridge, Plan
from backendai_notification_bridge.running.logs import log_to_stderr
from backendai_notification_bridge.settings import Settings, ValkeySettings
from backendai_notification_bridge.spool.database import hold
from backendai_notification_bridge.spool.rows import Outgoing
from backendai_notification_bridge.spool.spool import Spool


class Shown:
    """A bus that only shows, for ``--dry-run``."""

    def put(self, batch: Sequence[Outgoing]) -> Outcome:
        """Write each event as a line of JSON."""
        for event in batch:
            line = {"type": event.detail_type, "id": event.event_id, "detail": json.loads(event.detail)}
            click.echo(json.dumps(line, ensure_ascii=False))
        return Outcome(taken=list(batch))


@click.command()
@click.option("--dry-run", is_flag=True, help="Show the events and put none; no spool stays.")
@settings_options
def run(settings: Settings, *, dry_run: bool) -> None:
    """Carry events until told to stop."""
    from backendai_notification_bridge.putting.eventbridge import event_bridge  # loads boto3

    log_to_stderr()
    with told(), tempfile.TemporaryDirectory(prefix="bridge-dry-run-") as directory:
        file = Path(directory) / "spool.db" if dry_run else settings.spool.file
        bus: Bus = (
            Shown()
            if dry_run
            else event_bridge(settings.bus.name, settings.bus.region, settings.bus.endpoint_url)
        )
        spool = Spool(hold(file), settings.spool.max_bytes)
        try:
            went_well = _run(settings, spool, bus, dry_run=dry_run)
        finally:
            spool.close()
    sys.exit(0 if went_well else 1)


def _run(settings: Settings, spool: Spool, bus: Bus, *, dry_run: bool) -> bool:
    health = (settings.health.host, settings.health.port) if settings.health.port and not dry_run else None
    plan = Plan(
        endpoint_of(settings.valkey),
        settings.valkey.start,
        spool,
        bus,
        settings.sessions(),
        settings.options(),
        health,
        dry=dry_run,
    )
    bridge = Bridge(plan)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: bridge.stop())
    return bridge.run()


def endpoint_of(valkey: ValkeySettings) -> ValkeyEndpoint:
    """Return the endpoint of Valkey from the settings."""
    return ValkeyEndpoint(
        address=_address(valkey.addr) if valkey.addr else None,
        sentinels=tuple(_address(each) for each in valkey.sentinel),
        service=valkey.service_name,
        password=valkey.password.get_secret_value() if valkey.password else None,
        sentinel_password=valkey.sentinel_password.get_secret_value() if valkey.sentinel_password else None,
        use_tls=valkey.use_tls,
        tls_skip_verify=valkey.tls_skip_verify,
        ca_file=valkey.ca_file,
        database=valkey.database,
        lock_database=valkey.lock_database,
    )


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)
