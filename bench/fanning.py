"""One event and the rules that it matches, kept in memory around the dispatcher's real code."""

import os
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from bench.stand_ins import NoEvents, NoHealth, NoRecords, dispatcher
from bench.tables import endpoint, tables
from dispatcher.dispatch import Dispatcher
from dispatcher.messages import Message
from dispatcher.sending import Report
from notifications.core import secrets, signatures
from notifications.core.incoming import as_text
from notifications.core.model import Channel, Rule, WebhookSpec, timestamp
from notifications.core.secrets import Secrets, SigningSecret
from notifications.delivering.invocation import Invocation
from notifications.store.events import EventStore
from notifications.store.health import HealthStore
from notifications.store.records import RecordStore

RULE_TYPE = "session.started"
GUIDE_TEMPLATE = """{
  "event": "Session Started",
  "session_id": "{{ session_id }}",
  "session_name": "{{ session_name or 'N/A' }}",
  "session_type": "{{ session_type }}",
  "cluster_mode": "{{ cluster_mode }}",
  "status": "{{ status }}"
}"""
"""Of the templates for sessions in docs/notification-cli-guide.md the one with the most fields."""

CONNECT_SECONDS = 5.0
EVENT_SECONDS = 600.0
"""How long an event is taken for: longer than any takes."""

_NOW = datetime.now(UTC)


class Unreachable(Exception):
    """Nothing listens where the webhooks are to go."""


def measured(rules: int, url: str, *, records: bool) -> dict[str, float]:
    """Send a warm event to so many channels with this URL, each by its own rule with its own template.

    Returns ``deliveries`` that came, ``seconds`` of time and ``cpu_seconds`` of this process.

    Raises:
        Unreachable: nothing listens there.
        StackError: records are written, and ministack does not start.
    """
    _check(url)
    with in_memory(rules, url, records=records) as opened:
        dispatch(opened)
        began, cpu_began = time.perf_counter(), time.process_time()
        report = dispatch(opened)
        cpu, seconds = time.process_time() - cpu_began, time.perf_counter() - began
    delivered = sum(record.status == "delivered" for record in report.deliveries)
    return {"deliveries": delivered, "seconds": round(seconds, 6), "cpu_seconds": round(cpu, 6)}


def dispatch(dispatcher: Dispatcher, rule_type: str = RULE_TYPE) -> Report:
    """Have a new event of a type of sessions dispatched, as the dispatcher's handler does it."""
    (report,) = dispatch_batch(dispatcher, [event(rule_type)])
    return report


def dispatch_batch(dispatcher: Dispatcher, documents: Sequence[Mapping[str, Any]]) -> Sequence[Report]:
    """Have a batch of new events dispatched."""
    messages = [Message(f"m-{number}", as_text(each)) for number, each in enumerate(documents)]
    lease = datetime.now(UTC) + timedelta(seconds=EVENT_SECONDS)
    return dispatcher.dispatch(messages, Invocation(lease, time.monotonic() + EVENT_SECONDS)).reports


def event(rule_type: str = RULE_TYPE, session_name: str = "training") -> dict[str, Any]:
    """Make the document of a new event of a type of sessions."""
    return {
        "id": str(uuid4()),
        "source": "backend.ai.manager",
        "detail-type": rule_type,
        "time": timestamp(datetime.now(UTC)),
        "detail": {
            "session_id": "0d9a6f1c-41cf-4a5e-9d3b-0b6b9a0f7a55",
            "session_name": session_name,
            "session_type": "batch",
            "cluster_mode": "single-node",
            "status": "RUNNING",
        },
    }


def channel(number: int, url: str) -> Channel:
    """Make a channel for signed webhooks."""
    signing = (SigningSecret(signatures.make_secret(os.urandom(signatures.SECRET_BYTES))),)
    sealed = secrets.written(Secrets(signing=signing))
    at = timestamp(_NOW)
    name = f"Channel {number}"
    return Channel(_id("c", number), name, None, WebhookSpec(url), True, at, "bench", at, sealed=sealed)


def rule(number: int, to: Channel, rule_type: str = RULE_TYPE, template: str = GUIDE_TEMPLATE) -> Rule:
    """Make a rule with a template that no other has."""
    template = template.replace("{", f'{{"rule": {number},', 1)
    at = timestamp(_NOW)
    name = f"Rule {number}"
    return Rule(_id("r", number), name, None, rule_type, to.id, template, True, at, "bench", at)


def _id(kind: str, number: int) -> str:
    return str(UUID(int=ord(kind) << 64 | number))


@contextmanager
def in_memory(count: int, url: str, *, records: bool) -> Iterator[Dispatcher]:
    """Have a dispatcher with so many rules in memory, each with a channel of its own."""
    channels = [channel(number, url) for number in range(count)]
    rules = [rule(number, to) for number, to in enumerate(channels)]
    with _stores(records=records) as (store, events, health):
        yield dispatcher(rules, channels, store, events, health)


Stores = tuple[RecordStore, EventStore, HealthStore]


def no_stores() -> Stores:
    """Make stores that keep nothing."""
    nobody: Any = None
    keep = timedelta(days=1)
    return NoRecords(nobody, "", keep, 16), NoEvents(nobody, "", keep, 16), NoHealth(nobody, "")


@contextmanager
def _stores(*, records: bool) -> Iterator[Stores]:
    if not records:
        yield no_stores()
        return
    with endpoint(lambda _: None) as aws_url, tables(aws_url) as services:
        yield services.records, services.events, services.health


def _check(url: str) -> None:
    """Ask the sink for a connection.

    Raises:
        Unreachable: it does not take one.
    """
    try:
        parts = urlsplit(url)
        address = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection(address, CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        raise Unreachable(f"the sink {url} does not answer: {error}") from None
