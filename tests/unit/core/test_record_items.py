"""Records as DynamoDB keeps them."""

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.core import recipients
from notifications.core.delivery import Response
from notifications.core.event_records import EventRecord
from notifications.core.records import Attempt, DeliveryRecord
from notifications.store import compression, delivery_content, keys
from notifications.store.delivery_content import MAX_ATTEMPTS_BYTES
from notifications.store.items import Item
from notifications.store.record_items import (
    delivery_from,
    delivery_text,
    event_from,
    event_item,
)
from tests.samples import records as samples
from tests.unit.core.test_records import many_attempts

ITEM_LIMIT = 400 * 1024
ATTEMPT = Attempt(
    at="2026-01-15T10:30:00.000000Z",
    seconds=1.0,
    status=500,
    error_class="status",
    error="The receiver answered with status 500: no",
    method="POST",
    url="https://example.com/***",
    headers={"Content-Type": "application/json"},
    response="no",
    response_cut=False,
)


def size(item: Item) -> int:
    """Weigh an item as DynamoDB does: names and values in UTF-8."""
    return sum(len(name) + len(str(*value.values()).encode()) for name, value in item.items())


def delivery_item(record: DeliveryRecord, expires: int, shards: int) -> Item:
    """Read the text of a delivery's item."""
    item: Item = json.loads(delivery_text(record, expires, shards))
    return item


SHARDS = 4
ROOM = 200
"""What a delivery's content has besides its attempts."""


@given(samples.event_records)
def test_event_round_trip(record: EventRecord) -> None:
    """Every event's record comes back from its item as it was."""
    assert event_from(event_item(record, 1, SHARDS)) == record


@given(samples.delivery_records)
def test_delivery_round_trip(record: DeliveryRecord) -> None:
    """Every delivery's record comes back from its item as it was."""
    assert delivery_from(delivery_item(record, 1, SHARDS)) == record


@given(samples.delivery_records)
def test_a_delivery_is_written_attribute_by_attribute(record: DeliveryRecord) -> None:
    """The JSON of an item that is put together by hand is what an encoder writes of the item."""
    item = delivery_item(record, 1, SHARDS)
    assert delivery_text(record, 1, SHARDS) == json.dumps(item, separators=(",", ":"))


@given(samples.attempts, st.dictionaries(samples.text, samples.text, max_size=2))
def test_an_attempt_is_written_field_by_field(attempt: Attempt, replies: dict[str, str]) -> None:
    """The JSON of an attempt that is put together by hand is what an encoder writes of all its fields."""
    attempt = replace(attempt, recipients=replies)
    wanted = json.dumps([asdict(attempt)], ensure_ascii=False, separators=(",", ":"))
    assert delivery_content.attempts_text([attempt]) == wanted


@pytest.mark.parametrize("status", ["dispatched", "delivered"])
def test_what_went_well_is_in_no_list_of_trouble(status: str) -> None:
    """Delivered and dispatched, which most records are, do not fill the index by status."""
    items = (
        event_item(samples.event(status=status), 1, SHARDS),
        delivery_item(samples.delivery(status=status), 1, SHARDS),
    )
    assert not any("status_key" in item for item in items)


def test_held_is_found_by_channel_and_age() -> None:
    """What is held is in its channel's list, in the order in which it came."""
    item = delivery_item(samples.delivery(status="held"), 1, SHARDS)
    assert item["due_key"] == {"S": keys.held_key(keys.shard("event-1", SHARDS), samples.CHANNEL_ID)}
    assert item["due_at"]["S"] == samples.delivery().created_at


@pytest.mark.parametrize(
    "body",
    [b"\xff" * 8192, b"\0" * 8192, b'"' * 8192, bytes(range(256)) * 32, "🚀".encode() * 2048],
    ids=["no-text", "zeros", "quotes", "garbage", "rockets"],
)
@pytest.mark.parametrize("header", ["x" * 4096, '"' * 4096, "🚀" * 4096], ids=["long", "quotes", "rockets"])
def test_largest_delivery_fits(body: bytes, header: str) -> None:
    """The largest message, 12 attempts with 8 KB of garbage and 32 headers of 4 KB fit into an item."""
    headers = tuple((f"X-Header-{number}", header) for number in range(32))
    record = many_attempts(Response(500, body, 0.1, cut=True), headers, 12)
    assert size(delivery_item(record, 2**31, SHARDS)) < ITEM_LIMIT
    assert record.attempts
    assert record.attempt_count == 12


def test_largest_mail_fits() -> None:
    """The largest message fits with the most and the longest recipients that templates make."""
    record = many_attempts(Response(500, b"\0" * 8192, 0.1, cut=True), (("X", "\0" * 4096),), 12)
    number = recipients.MAX_RECIPIENTS_WITH_TEMPLATES
    made = {
        f"{n}{'t' * (recipients.MAX_TEMPLATE_BYTES - 1)}": "m" * recipients.MAX_MADE_BYTES
        for n in range(number)
    }
    item = delivery_item(replace(record, recipients=made, settled=("r" * 254,) * number), 2**31, SHARDS)
    assert size(item) < ITEM_LIMIT
    assert delivery_from(item).recipients == made


def test_the_last_attempt_is_kept_whatever_its_size() -> None:
    """An attempt that is too large by itself is kept, cut; the older ones go, and the count is true."""
    header = {"X-Large": "\x00" * 60_000}
    large = replace(ATTEMPT, headers=header, response="\x00" * 60_000)
    record = samples.delivery(attempts=(ATTEMPT, replace(ATTEMPT, seconds=2.0), large), attempt_count=3)
    item = delivery_item(record, 0, SHARDS)
    assert len(compression.text_of("content", item) or "") <= MAX_ATTEMPTS_BYTES + ROOM
    kept = delivery_from(item)
    assert kept.attempt_count == 3
    assert kept.attempts[-1].at == large.at
    assert kept.attempts[-1].response_cut
    assert (kept.attempts[-1].response or "").endswith("… [cut]")


@given(st.lists(st.text(max_size=40_000), min_size=1, max_size=4), st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_attempts_of_any_size(answers: list[str], repeat: int) -> None:
    """The last attempt is there, in its order, and all of them have room."""
    attempts = tuple(
        replace(ATTEMPT, response=answer, seconds=float(n)) for n, answer in enumerate(answers * repeat)
    )
    item = delivery_item(samples.delivery(attempts=attempts), 0, SHARDS)
    assert len(compression.text_of("content", item) or "") <= MAX_ATTEMPTS_BYTES + ROOM
    kept = [attempt.seconds for attempt in delivery_from(item).attempts]
    assert kept
    assert kept == [attempt.seconds for attempt in attempts][-len(kept) :]
