"""One event and the rules that it matches, kept in memory around the dispatcher's real code."""

import os
import socket
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from bench.tables import endpoint, tables
from dispatcher.configuration import Configuration
from dispatcher.dispatch import Dispatcher
from dispatcher.messages import Message, as_text
from dispatcher.sending import Report
from notifications import aws
from notifications.core import secrets, signatures
from notifications.core.event_records import EventRecord
from notifications.core.health import Health
from notifications.core.model import Channel, EventType, Rule, WebhookSpec, timestamp
from notifications.core.rule_types import BUILT_IN
from notifications.core.secrets import Secrets, SigningSecret
from notifications.core.targets import TargetPolicy
from notifications.delivering.deliverer import Deliverer
from notifications.delivering.invocation import Invocation
from notifications.delivering.wellness import Wellness
from notifications.senders.event_queue import EventQueue
from notifications.senders.queues import DeliveryQueues
from notifications.senders.sender import Sender
from notifications.store.channels import ChannelStore
from notifications.store.event_types import EventTypeStore
from notifications.store.events import EventStore, Inserted
from notifications.store.health import HealthStore
from notifications.store.record_items import Record
from notifications.store.records import RecordStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from notifications.store.vault import Vault
from notifications.store.versions import Versions

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


class _Memory:
    """A configuration that does not change. Has the methods of the stores that the dispatcher reads."""

    def __init__(self, rules: Sequence[Rule], channels: Mapping[str, Channel]) -> None:
        self._rules = rules
        self._channels = channels

    def versions(self) -> Versions:
        """Tell that nothing was changed."""
        return Versions({})

    def type_version(self, _event_type: str) -> int:
        """Tell that nothing was changed."""
        return 1

    def get(self, name: str) -> EventType:
        """Read an event type."""
        return BUILT_IN[name]

    def of_type(self, _rule_type: str) -> Sequence[Rule]:
        """Read the rules."""
        return self._rules

    def get_many(self, _channel_ids: Sequence[str]) -> Mapping[str, Channel]:
        """Read the channels."""
        return self._channels


class _OpenVault(Vault):
    """The real one, but for KMS: what is sealed is not encrypted."""

    def _decrypt(self, channel: Channel) -> bytes:
        return channel.sealed


class _NoRecords(RecordStore):
    """Keeps nothing."""

    def put_many(self, records: Sequence[Record]) -> None:
        """Forget them."""


class _NoEvents(EventStore):
    """Keeps nothing, and lets everybody have every event."""

    def insert(self, records: Sequence[EventRecord]) -> Inserted:
        """Forget them."""
        return Inserted({record.id for record in records}, ())

    def standings(self, event_ids: Sequence[str]) -> dict[str, EventRecord]:  # noqa: ARG002
        """Know none."""
        return {}


class _NoHealth(HealthStore):
    """Knows only channels that are well, and forgets the others."""

    def of(self, channel_ids: Collection[str]) -> dict[str, Health]:  # noqa: ARG002
        """Know of none."""
        return {}

    def add_failures(self, channel_id: str, count: int, repeated: int, reason: str, now: datetime) -> Health:
        """Forget them."""
        return Health(channel_id, count, repeated, now, reason)

    def set(self, channel_id: str, **changes: Any) -> None:
        """Forget it."""


class _NoQueues(DeliveryQueues):
    """Takes no message: what is not delivered at once is not tried again."""

    def _send(self, url: str, messages: list[tuple[Mapping[str, Any], float]]) -> None:
        """Forget them."""


def measured(rules: int, url: str, *, records: bool) -> dict[str, float]:
    """Send a warm event to so many channels with this URL, each by its own rule with its own template.

    Returns ``deliveries`` that came, ``seconds`` of time and ``cpu_seconds`` of this process.

    Raises:
        Unreachable: nothing listens there.
        StackError: records are written, and ministack does not start.
    """
    _check(url)
    with _dispatcher(rules, url, records=records) as dispatcher:
        dispatch(dispatcher)
        began, cpu_began = time.perf_counter(), time.process_time()
        report = dispatch(dispatcher)
        cpu, seconds = time.process_time() - cpu_began, time.perf_counter() - began
    delivered = sum(record.status == "delivered" for record in report.deliveries)
    return {"deliveries": delivered, "seconds": round(seconds, 6), "cpu_seconds": round(cpu, 6)}


def dispatch(dispatcher: Dispatcher, rule_type: str = RULE_TYPE) -> Report:
    """Have a new event of a type of sessions dispatched, as the dispatcher's handler does it."""
    document = {
        "id": str(uuid4()),
        "source": "backend.ai.manager",
        "detail-type": rule_type,
        "time": timestamp(datetime.now(UTC)),
        "detail": {
            "session_id": "0d9a6f1c-41cf-4a5e-9d3b-0b6b9a0f7a55",
            "session_name": "training",
            "session_type": "batch",
            "cluster_mode": "single-node",
            "status": "RUNNING",
        },
    }
    lease = datetime.now(UTC) + timedelta(seconds=EVENT_SECONDS)
    invocation = Invocation(lease, time.monotonic() + EVENT_SECONDS)
    (report,) = dispatcher.dispatch([Message("message", as_text(document))], invocation).reports
    return report


def channel(number: int, url: str) -> Channel:
    """Make a channel for signed webhooks."""
    signing = (SigningSecret(signatures.make_secret(os.urandom(signatures.SECRET_BYTES))),)
    sealed = secrets.written(Secrets(signing=signing))
    moment = timestamp(_NOW)
    name = f"Channel {number}"
    return Channel(
        _id("c", number), name, None, WebhookSpec(url), True, moment, "bench", moment, sealed=sealed
    )


def rule(number: int, to: Channel, rule_type: str = RULE_TYPE) -> Rule:
    """Make a rule with a template that no other has."""
    template = GUIDE_TEMPLATE.replace("{", f'{{"rule": {number},', 1)
    moment = timestamp(_NOW)
    name = f"Rule {number}"
    return Rule(_id("r", number), name, None, rule_type, to.id, template, True, moment, "bench", moment)


def _id(kind: str, number: int) -> str:
    return str(UUID(int=ord(kind) << 64 | number))


@contextmanager
def _dispatcher(count: int, url: str, *, records: bool) -> Iterator[Dispatcher]:
    """Put a dispatcher together as its app does, around a configuration in memory."""
    channels = [channel(number, url) for number in range(count)]
    rules = [rule(number, to) for number, to in enumerate(channels)]
    memory: Any = _Memory(rules, {each.id: each for each in channels})
    configuration = Configuration(
        cast(ConfigTable, memory),
        cast(RuleStore, memory),
        cast(ChannelStore, memory),
        cast(EventTypeStore, memory),
    )
    nobody: Any = None
    vault = _OpenVault(nobody, "")
    queues = _NoQueues(nobody, "", "")
    with _stores(records=records) as (store, events, health):
        wellness = Wellness(health, cast(ChannelStore, memory), queues)
        sender = Sender(policy=TargetPolicy.read("0.0.0.0/0, ::/0", http=True, ports="any"))
        deliverer = Deliverer(sender, store, wellness, queues)
        yield Dispatcher(configuration, vault, events, store, deliverer, EventQueue(nobody, ""))


@contextmanager
def _stores(*, records: bool) -> Iterator[tuple[RecordStore, EventStore, HealthStore]]:
    if not records:
        nobody: Any = None
        store = _NoRecords(nobody, "", timedelta(days=1))
        yield store, _NoEvents(nobody, "", store), _NoHealth(nobody, "")
        return
    with endpoint(lambda _: None) as aws_url, tables(aws_url):
        yield aws.records(), aws.events(), aws.health()


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
