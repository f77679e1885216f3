"""How long a backtest of many recorded events takes on the local stack, and whether its counts are right.

``python -m bench.backtests``: events are written into the table as a dispatcher records them, a rule is
backtested on the command line, and its counts are compared with those that a loop over the events makes.
"""

import json
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from local.command import run, tell
from local.stack import Stack, temporary
from notifications.core.event_records import EventRecord
from notifications.core.model import timestamp
from notifications.store.items import Item
from notifications.store.record_items import event_item
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

EVENTS = 10_000
SPAN = timedelta(days=6)
LIMIT_SECONDS = 60.0
BATCH = 25
SHARDS = 16
"""The template's RecordShards."""

KEPT = timedelta(days=30)
STATUSES = ("RUNNING", "ERROR", "TERMINATED", "PENDING")
TYPE = "session.started"
CONDITION = {"status": ["ERROR", "TERMINATED"], "session_name": [{"prefix": "train-"}]}
TEMPLATE = '{"text": {{ (session_name ~ " is " ~ status) | tojson }}}'
URL = "https://receiver.example.com/hook"


def main() -> int:
    """Measure; print what came out."""
    with temporary(tell) as stack, TemporaryDirectory() as directory:
        under_test = StackUnderTest(stack)
        rule_id = _rule(under_test)
        fields = _fields()
        began = time.monotonic()
        _record(stack, under_test, fields)
        tell(f"{EVENTS:,} events recorded in {time.monotonic() - began:.0f} s")
        began = time.monotonic()
        ran = Cli(stack, Path(directory)).run("rule", "backtest", rule_id, "--since", "7d", "--json")
        seconds = time.monotonic() - began
    if ran.code:
        print(ran)
        return 1
    found = json.loads(ran.out)
    expected = Counter(f"{at[:13]}:00:00.000000Z" for at, each in fields if _is_hit(each))
    right = found["searched"] == EVENTS and found["hours"] == dict(sorted(expected.items()))
    print(f"backtest of {found['searched']:,} events: {seconds:.1f} s (bound {LIMIT_SECONDS:g} s)")
    same = "equal" if right else "NOT EQUAL"
    print(f"hits {found['hits']:,}, by a loop {expected.total():,}; by the hour {same}")
    return 0 if right and seconds < LIMIT_SECONDS else 1


def _rule(under_test: StackUnderTest) -> str:
    rule_id = under_test.rule(TYPE, under_test.webhook(URL), TEMPLATE)
    under_test.do("PATCH", f"/notifications/rules/{rule_id}", {"condition": CONDITION})
    return rule_id


def _fields() -> list[tuple[str, dict[str, Any]]]:
    """Make the events' times and fields, some 1 KB each."""
    random, now = Random(1), datetime.now(UTC)  # noqa: S311 - the same events each time
    return [
        (
            timestamp(now - SPAN * random.random()),
            {
                "session_id": f"s-{number}-{'i' * 600}",
                "session_name": f"{random.choice(('train', 'test'))}-{number}",
                "session_type": "batch",
                "cluster_mode": "single-node",
                "status": random.choice(STATUSES),
            },
        )
        for number in range(EVENTS)
    ]


def _is_hit(fields: dict[str, Any]) -> bool:
    return fields["status"] in {"ERROR", "TERMINATED"} and fields["session_name"].startswith("train-")


def _record(stack: Stack, under_test: StackUnderTest, fields: Sequence[tuple[str, dict[str, Any]]]) -> None:
    client, table = stack.client("dynamodb"), under_test.outputs["DeliveriesTableName"]
    expires = int((datetime.now(UTC) + KEPT).timestamp())
    for at in range(0, EVENTS, BATCH):
        items = [
            _for_sdk(event_item(_event(at + number, *each), expires, SHARDS))
            for number, each in enumerate(fields[at : at + BATCH])
        ]
        client.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in items]})


def _for_sdk(item: Item) -> Item:
    """Write bytes as the SDK takes them, which encodes them by itself."""
    return {name: {"B": b64decode(value["B"])} if "B" in value else value for name, value in item.items()}


def _event(number: int, at: str, data: dict[str, Any]) -> EventRecord:
    document = {"id": f"e-{number}", "source": "backend.ai", "detail-type": TYPE, "time": at, "detail": data}
    return EventRecord(f"e-{number}", TYPE, "dispatched", None, json.dumps(document), at, at, at, listed=True)


if __name__ == "__main__":
    run(main)
