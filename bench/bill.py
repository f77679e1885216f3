"""From what was counted to what is billed: quantities by the names of ``bench.prices``, and dollars.

What cannot be counted on one machine is assumed, and stands here by name.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.counting import EVENT_BYTES, Counted
from bench.prices import PRICES, Price
from notifications.outbound.sender import MAX_IN_FLIGHT
from tests.template import resources

Quantities = defaultdict[str, float]
"""How much is used of what has a price, by the price's name."""

GB = 1024**3
MONTH_DAYS = 365 / 12
MONTH_MINUTES = MONTH_DAYS * 24 * 60
CHUNK_BYTES = 64 * 1024
"""EventBridge and SQS count each 64 KB of a message."""

FULL_CPU_MB = 1769
"""A function with so much memory has one CPU to itself; one with less, that part of it."""

IDLE_METRICS = ("Sweeps", "OldestPendingSeconds", "SuspendedChannels", "Heartbeats", "EventsUnmatched")
"""Our metrics that the sweeper and the heartbeat write when nothing happens."""

START_AND_REPORT = (
    '{"time":"2026-11-23T10:00:00.000Z","type":"platform.start","record":'
    '{"requestId":"8286a188-ba32-4475-8077-530cd35c09a9","version":"$LATEST"}}'
    '{"time":"2026-11-23T10:00:00.127Z","type":"platform.report","record":'
    '{"requestId":"8286a188-ba32-4475-8077-530cd35c09a9","metrics":{"durationMs":126.814,'
    '"billedDurationMs":127,"memorySizeMB":1024,"maxMemoryUsedMB":110},"status":"success"}}'
)
"""What Lambda itself logs of an invocation, in the format JSON."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed.

    The CPU times are rounded up from what bench/fanout.py measured, without TLS, on a shared x86-64 machine.
    """

    receiver_seconds: float = 0.1
    """A receiver's answer, with the connection to it."""
    dynamodb_seconds: float = 0.005
    """A call of DynamoDB; none is made while another is under way."""
    event_cpu_seconds: float = 0.0012
    delivery_cpu_seconds: float = 0.0002
    sweep_cpu_seconds: float = 0.005
    tls_bytes: int = 1000
    """What TLS adds to the bytes of a request that is sent, with its handshake."""
    record_days: float = 30
    log_days: float = 30
    log_kept: float = 0.15
    """What is left of a log when CloudWatch has compressed it."""
    pollers: int = 5
    """So many connections Lambda holds to each queue that it reads, though it is empty."""
    poll_seconds: float = 20
    """So long each of their requests waits."""


def per_million(counted: Counted, assumed: Assumed) -> Quantities:
    """Return the quantities for a million events that come in batches as was counted."""
    used, batch = counted.usage, counted.events
    quantities: Quantities = defaultdict(float)

    def add(name: str, quantity: float) -> None:
        quantities[name] += quantity / batch * 1_000_000

    chunks = math.ceil(EVENT_BYTES / CHUNK_BYTES)
    add("event", batch * chunks)
    add("sqs", batch * chunks + 2 + sum(used.of("SQS").values()))  # each sent; received and deleted at once
    add("invocation", 1)
    add("gb_second", seconds(counted, assumed) * memory("DispatcherFunction") / 1024)
    add("write", sum(used.write_units.values()))
    add("read", sum(used.read_units.values()))
    stored = used.stored_bytes("DeliveriesTable")
    add("stored", sum(stored.values()) / GB * assumed.record_days / MONTH_DAYS)
    _log(add, used.log_bytes, assumed)
    add("sent", (counted.sent_bytes + counted.rules * batch * assumed.tls_bytes) / GB)
    return quantities


def idle(swept: Counted, assumed: Assumed) -> Quantities:
    """Return the quantities of a month without any event. ``swept``: what the sweeper uses once."""
    alarms, queues = _count("CloudWatch::Alarm"), _count("Lambda::EventSourceMapping")
    quantities: Quantities = defaultdict(float, {"alarm": alarms, "key": 1})
    quantities |= {"secret": _count("SecretsManager::Secret"), "metric": len(IDLE_METRICS)}

    def add(name: str, quantity: float) -> None:
        quantities[name] += quantity * MONTH_MINUTES

    used = swept.usage
    waited = sum(used.of("DynamoDB").values()) * assumed.dynamodb_seconds
    megabytes = memory("SweeperFunction")
    took = waited + assumed.sweep_cpu_seconds * max(1, FULL_CPU_MB / megabytes)
    add("invocation", 1)
    add("gb_second", took * megabytes / 1024)
    add("read", sum(used.read_units.values()))
    _log(add, used.log_bytes, assumed)
    add("sqs", queues * assumed.pollers * 60 / assumed.poll_seconds)
    return quantities


def seconds(counted: Counted, assumed: Assumed) -> float:
    """Return how long the dispatcher takes for the batch: its CPU time, and what it waits for."""
    deliveries = counted.rules * counted.events
    cpu = counted.events * assumed.event_cpu_seconds + deliveries * assumed.delivery_cpu_seconds
    answers = math.ceil(deliveries / MAX_IN_FLIGHT) * assumed.receiver_seconds
    calls = sum(counted.usage.of("DynamoDB").values()) * assumed.dynamodb_seconds
    return cpu * max(1, FULL_CPU_MB / memory("DispatcherFunction")) + answers + calls


def dollars(quantities: Mapping[str, float], prices: Mapping[str, Price] = PRICES) -> dict[str, float]:
    """Return what quantities cost, by service."""
    total: dict[str, float] = {}
    for name, quantity in quantities.items():
        price = prices[name]
        total[price.service] = total.get(price.service, 0.0) + price.of(quantity)
    return total


def destinations(counted: Counted, prices: Mapping[str, Price] = PRICES) -> float:
    """Return what a million events cost that EventBridge sends to as many API destinations, without TLS."""
    sent = counted.sent_bytes / counted.events * 1_000_000 / GB
    deliveries = counted.rules * 1_000_000
    return prices["event"].of(1_000_000) + prices["destination"].of(deliveries) + prices["sent"].of(sent)


def memory(function: str) -> int:
    """Return a function's memory, in MB."""
    return int(resources()[function]["Properties"]["MemorySize"])


def _log(add: Callable[[str, float], None], ours: int, assumed: Assumed) -> None:
    taken = (ours + len(START_AND_REPORT)) / GB
    add("log", taken)
    add("log_stored", taken * assumed.log_kept * assumed.log_days / MONTH_DAYS)


def _count(kind: str) -> int:
    return sum(resource["Type"] == f"AWS::{kind}" for resource in resources().values())
