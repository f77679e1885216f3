"""How fast the sweeper brings what is due, where each call of AWS takes as long as it does there."""

import json
import threading
import time
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, cast
from uuid import UUID

from bench.figure import Figure
from local.common import Tell
from notifications.awsapi.client import Client
from notifications.awsapi.errors import Refused
from notifications.core.model import timestamp
from notifications.core.records import DeliveryRecord
from notifications.delivering.health_keeper import HealthKeeper
from notifications.delivering.operators import Operators
from notifications.messaging.event_queue import EventQueue
from notifications.messaging.queues import DeliveryQueues
from notifications.store.channels import ChannelStore
from notifications.store.events import EventStore
from notifications.store.health import HealthStore
from notifications.store.record_items import delivery_text
from notifications.store.records import RecordStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from notifications.store.vault import Vault
from redeliverer.sweeper import THREADS, Sweeper, Swept
from redeliverer.tend import Tender
from redeliverer.unmuting import Unmuter

ITEMS = 10_000
SLEEPS = 100
SHARDS = 4
CALL_SECONDS = 0.007
"""What a call of DynamoDB or SQS takes in its region."""

MIN_RATE = 1_000.0
"""On paper, by the calls: so many a second."""

MAX_SLOWNESS = 1.5
"""The ideal is that nothing but the calls takes time, as many at once as there are threads."""

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)

Row = tuple[str, str, str]
"""An entry of the index of what is due: ``due_at`` and the item's key."""


class Cloud:
    """What a sweep asks of DynamoDB and SQS, each call for so many ``seconds``.

    ``hints``: how often each message was put on a queue. ``peak``: how many calls there were at once at most.
    tests/integration/test_sweeps.py proves that it answers as DynamoDB does.
    """

    def __init__(self, records: Iterable[DeliveryRecord], seconds: float = 0.0) -> None:
        self.calls: Counter[str] = Counter()
        self.hints: Counter[str] = Counter()
        self.peak = 0
        self._running = 0
        self._seconds = seconds
        self._lock = threading.Lock()
        self._items: dict[tuple[str, str], dict[str, Any]] = {}
        self._due: defaultdict[str, list[Row]] = defaultdict(list)
        for record in records:
            item = json.loads(delivery_text(record, 0, SHARDS))
            key = item["pk"]["S"], item["sk"]["S"]
            self._items[key] = item
            if "due_key" in item:
                self._due[item["due_key"]["S"]].append((item["due_at"]["S"], *key))
        for rows in self._due.values():
            rows.sort()

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Do what the sweeper asks."""
        with self._lock:
            self._running += 1
            self.peak = max(self.peak, self._running)
        time.sleep(self._seconds)
        with self._lock:
            self._running -= 1
            self.calls[operation] += 1
            match operation:
                case "Query":
                    return self._query(**parameters)
                case "GetItem":  # the versions of a configuration that nobody has written
                    return {}
                case "UpdateItem":
                    return self._put_off(**parameters)
                case "SendMessageBatch":
                    self.hints.update(entry["MessageBody"] for entry in parameters["Entries"])
                    return {}
        raise NotImplementedError(operation)

    def _query(self, **parameters: Any) -> dict[str, Any]:
        values = parameters["ExpressionAttributeValues"]
        if "IndexName" not in parameters:
            return {"Items": []}  # all channels are well
        rows = self._due[values[":key"]["S"]]
        end = bisect_right(rows, (values[":until"]["S"], "~", "~"))
        begin = (
            bisect_right(rows, _row(parameters["ExclusiveStartKey"]))
            if "ExclusiveStartKey" in parameters
            else 0
        )
        page = [_entry(values[":key"], row) for row in rows[begin : min(end, begin + parameters["Limit"])]]
        more = begin + parameters["Limit"] <= end
        return {"Items": page, **({"LastEvaluatedKey": page[-1]} if page and more else {})}

    def _put_off(self, **parameters: Any) -> dict[str, Any]:
        values = parameters["ExpressionAttributeValues"]
        key = parameters["Key"]["pk"]["S"], parameters["Key"]["sk"]["S"]
        item = self._items.get(key)
        if item is None or "due_at" not in item or item["due_at"]["S"] > values[":now"]["S"]:
            raise Refused(400, {"__type": "ConditionalCheckFailedException"})
        rows = self._due[item["due_key"]["S"]]
        del rows[bisect_left(rows, (item["due_at"]["S"], *key))]
        insort(rows, (values[":then"]["S"], *key))
        self._items[key] = {**item, "due_at": values[":then"]}
        return {"Attributes": self._items[key]}


def sweeper(cloud: Cloud, now: datetime) -> Sweeper:
    """Make a sweeper of what is due there."""
    client = cast(Client, cloud)
    records = RecordStore(client, "deliveries", timedelta(days=30), SHARDS)
    health = HealthStore(client, "deliveries")
    queues = DeliveryQueues(client, "delivery", "slow")
    configuration = ConfigTable(client, "config")
    rules = RuleStore(configuration)
    vault = Vault(client, "")
    operators = Operators(lambda _: None)
    keeper = HealthKeeper(health, ChannelStore(configuration, rules, vault), queues, operators)
    tender = Tender(records, keeper, queues, rules, configuration, operators, now)
    events = EventStore(client, "deliveries", timedelta(days=30), SHARDS)
    held = tender, Unmuter(configuration, records, queues, now)
    return Sweeper(records, events, health, queues, EventQueue(client, "event"), held, now)


def deliveries(count: int, due_at: datetime = NOW) -> Iterable[DeliveryRecord]:
    """Make so many deliveries whose messages were lost."""
    at = timestamp(due_at)
    for number in range(count):
        event_id, rule_id = str(UUID(int=number)), str(UUID(int=1))
        yield DeliveryRecord(
            event_id, rule_id, "channel", "session.started", "pending", None, at, at, "status", "message",
            next_attempt_at=due_at, look_at=due_at,
        )  # fmt: skip


def swept(cloud: Cloud, now: datetime = NOW, seconds: float = 60.0) -> Swept:
    """Sweep once, for so many seconds at most."""
    return sweeper(cloud, now).sweep(monotonic() + seconds)


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure so many sweeps."""
    slowness, rates, cpu = [], [], []
    for number in range(1, rounds + 1):
        tell(f"Sweep of {ITEMS:,} due deliveries, {number} of {rounds}")
        call = _call_seconds()
        cloud = Cloud(deliveries(ITEMS), CALL_SECONDS)
        began, cpu_began = time.perf_counter(), time.process_time()
        brought = swept(cloud).counts["deliveries"]
        seconds = time.perf_counter() - began
        slowness.append(seconds / (call * sum(cloud.calls.values()) / THREADS))
        rates.append(brought / seconds)
        cpu.append((time.process_time() - cpu_began) / brought * 1_000)
    ideal = f"{THREADS} calls at once, and nothing else"
    return [
        Figure("a sweep: time", "times", slowness, bound=MAX_SLOWNESS, compared_to=ideal),
        Figure("deliveries brought by a sweep", "a second", rates, "at least"),
        Figure("CPU of a delivery that is brought", "ms", cpu),
    ]


def _call_seconds() -> float:
    """Measure what a call takes now: where others use the machine, a sleep lasts longer."""
    began = time.perf_counter()
    for _ in range(SLEEPS):
        time.sleep(CALL_SECONDS)
    return (time.perf_counter() - began) / SLEEPS


def _row(entry: dict[str, Any]) -> Row:
    return entry["due_at"]["S"], entry["pk"]["S"], entry["sk"]["S"]


def _entry(key: dict[str, str], row: Row) -> dict[str, Any]:
    return {"due_key": key, "due_at": {"S": row[0]}, "pk": {"S": row[1]}, "sk": {"S": row[2]}}
