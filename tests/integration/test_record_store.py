"""Records of events and deliveries in the deliveries table."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications.core.errors import EntityNotFound, Unavailable
from notifications.core.records import (
    MAX_ATTEMPTS_KEPT,
    DeliveryRecord,
    ended,
)
from notifications.core.templates import MAX_RENDERED_BYTES
from notifications.store import dynamodb as module
from notifications.store import keys
from notifications.store.record_items import Record
from notifications.store.records import RecordStore
from tests.cloud.aws import client
from tests.cloud.pipeline import due as all_due
from tests.cloud.services import services
from tests.integration import recorded
from tests.integration.recorded import START, delivery, event, pending

LATER = START + timedelta(minutes=5)


@pytest.fixture
def store(cloud: None) -> RecordStore:  # noqa: ARG001
    """Open the store."""
    return services().records


@pytest.mark.parametrize(
    "record",
    [
        event(),
        event(status="dispatching", lease=LATER, look_at=LATER, claims=2, document='{"id": "ü"}'),
        event(status="refused", reason="malformed", timestamp=None),
    ],
    ids=lambda record: str(record.status),
)
def test_an_event_comes_back_as_it_was(store: RecordStore, record: Any) -> None:
    """All of an event's record is kept."""
    store.put_many([record])
    assert services().events.get(record.id) == record


@pytest.mark.parametrize(
    "record",
    [
        delivery(),
        delivery(status="skipped", reason="rule_disabled"),
        pending(attempts=(recorded.ATTEMPT,) * 2, attempt_count=2, tries=2, revision=7, manual=True),
        delivery(message="m ü", subject="s", status="failed", error_class="render", reason=None),
    ],
    ids=lambda record: str(record.status),
)
def test_a_delivery_comes_back_as_it_was(store: RecordStore, record: DeliveryRecord) -> None:
    """All of a delivery's record is kept."""
    store.put_many([record])
    assert store.delivery(record.id) == record


@pytest.mark.parametrize("text", ["", "_", "x", "x" * 36, f"e-{'r' * 36}", "x" * 5_000, "é_" + "r" * 36])
def test_unknown_delivery(store: RecordStore, text: str) -> None:
    """What no delivery is named, whatever it is, is not found; the last part is told off by an underscore."""
    store.put_many([delivery(event_id="e", rule_id="r" * 36)])
    with pytest.raises(EntityNotFound):
        store.delivery(text)


@pytest.mark.parametrize("text", ["", "x", "x" * 5_000])
@pytest.mark.usefixtures("cloud")
def test_unknown_event(text: str) -> None:
    """What no event is named is not found."""
    with pytest.raises(EntityNotFound):
        services().events.get(text)


def test_records_end(store: RecordStore) -> None:
    """A record is dropped thirty days after its last change."""
    record = delivery()
    store.put_many([record])
    item = client("dynamodb").get_item(
        TableName="deliveries", Key=keys.delivery(record.event_id, record.rule_id)
    )["Item"]
    assert int(item["expires"]["N"]) == pytest.approx(time.time() + 30 * 86_400, abs=5)


def test_the_largest_delivery_is_kept(store: RecordStore) -> None:
    """With the largest message and the worst answers a record fits: the oldest attempts go."""
    headers = {f"x-{number}": "\u00fc" * 1_024 for number in range(20)}
    worst = [
        replace(recorded.ATTEMPT, seconds=number, headers=headers, response="\0" * 8_192)
        for number in range(MAX_ATTEMPTS_KEPT)
    ]
    record = delivery(message="x" * MAX_RENDERED_BYTES, attempts=tuple(worst))
    store.put_many([record])
    assert store.put_if(replace(record, revision=2), 1)
    kept = store.delivery(record.id).attempts
    assert kept == tuple(worst[-len(kept) :])
    assert kept


def test_due(store: RecordStore) -> None:
    """What must be looked at by now is found, of events and deliveries; what has ended or is later is not."""
    lost = event(status="dispatching", lease=START, look_at=START)
    late = [pending() for _ in range(9)]
    others: list[Record] = [pending(look_at=LATER), delivery(), event(), delivery(status="held")]
    store.put_many([lost, *late, *others])
    found = {(due.event_id, due.rule_id) for due in all_due(START)}
    assert found == {(lost.id, None), *((record.event_id, record.rule_id) for record in late)}
    store.put_many([ended(record, "failed", "r", START) for record in late])
    assert [due.event_id for due in all_due(START)] == [lost.id]


def test_put_off(store: RecordStore) -> None:
    """One sweeper puts off a due record; a second finds that it is not due any more."""
    record = pending()
    store.put_many([record])
    put_off = store.put_off(record.event_id, record.rule_id, START, LATER)
    assert put_off == replace(record, look_at=LATER)
    assert store.put_off(record.event_id, record.rule_id, START, LATER) is None
    assert all_due(START) == []
    assert store.delivery(record.id).revision == record.revision


def test_putting_off_makes_nothing(store: RecordStore) -> None:
    """Putting off what is gone meanwhile leaves no remains."""
    assert not store.put_off_event("e", START, LATER)
    assert store.put_off("e", "r", START, LATER) is None
    with pytest.raises(EntityNotFound):
        services().events.get("e")


def test_held(store: RecordStore) -> None:
    """What is held for a channel comes in the order in which it was held, and only its own."""
    mine = [
        delivery(status="held", channel_id="c", message=str(minute), updated_at=recorded.at_minute(minute))
        for minute in (2, 0, 1)
    ]
    store.put_many([*mine, delivery(status="held"), delivery(channel_id="c"), pending(channel_id="c")])
    for at_once in (1, 2, 100):
        assert [record.message for record in store.held("c", at_once=at_once)] == ["0", "1", "2"]
    until = datetime.fromisoformat(recorded.at_minute(1))
    assert [record.message for record in store.held("c", until=until)] == ["0", "1"]


def test_rules_met(store: RecordStore) -> None:
    """The rules whose deliveries of an event are recorded are known."""
    store.put_many([event(id="e"), *(delivery(event_id="e", rule_id=rule) for rule in "ab"), delivery()])
    assert store.rules_met("e") == {"a", "b"}
    assert store.rules_met("other") == set()


def busy(times: int) -> Callable[..., Any]:
    """Make a BatchWriteItem that leaves the first of its requests undone so many times."""
    real = services().client("dynamodb").call
    left = iter(range(times))

    def call(operation: str, **parameters: Any) -> dict[str, Any]:
        if operation != "BatchWriteItem" or next(left, None) is None:
            return real(operation, **parameters)
        ((name, requests),) = json.loads(parameters["RequestItems"]).items()
        if requests[1:]:
            real(operation, RequestItems={name: requests[1:]})
        return {"UnprocessedItems": {name: requests[:1]}}

    return call


def test_what_a_busy_table_leaves_is_written_again(
    store: RecordStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of many records are written, though DynamoDB leaves some of a batch."""
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(services().client("dynamodb"), "call", busy(3))
    records = [delivery(event_id="e") for _ in range(60)]
    store.put_many(records)
    assert store.rules_met("e") == {record.rule_id for record in records}


def test_a_table_that_stays_busy_is_told(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that DynamoDB leaves again and again are an error, not a loss."""
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(services().client("dynamodb"), "call", busy(100))
    with pytest.raises(Unavailable, match="1 records unwritten"):
        store.put_many([delivery() for _ in range(3)])
