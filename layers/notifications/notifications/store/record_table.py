"""Read and write records in the deliveries table, which is never scanned."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from notifications.awsapi.client import Client, Json
from notifications.awsapi.errors import CallFailed
from notifications.core.batches import batches
from notifications.core.errors import Unavailable
from notifications.core.event_records import EventRecord
from notifications.core.values import value
from notifications.store import documents, keys
from notifications.store.dynamodb import BATCH_WRITE_SIZE, conditionally, pause, query_all, translated
from notifications.store.items import Item
from notifications.store.record_items import Record, delivery_text, event_item

WRITE_ROUNDS = 8
"""How often a busy DynamoDB is asked again to write the rest of a batch."""

MAX_ID_BYTES = 1_024
"""The longest id that is looked up: DynamoDB refuses keys of more than 2,048 bytes, so a longer one cannot
exist."""


@value
class Left:
    """The records that DynamoDB did not write, and why. ``passing``: whether another try may succeed."""

    records: Sequence[Record] = ()
    reason: str = ""
    passing: bool = True


class RecordTable:
    """Read and write records, which expire ``keep`` after their last change.

    ``shards``: over how many partitions each index is spread. It may be raised, because reads then include
    the new ones; it must not be lowered as long as there are records.

    Every method raises ``Unavailable`` when DynamoDB does not do it within its tries.
    """

    def __init__(self, client: Client, name: str, keep: timedelta, shards: int) -> None:
        self.shards = shards
        self._client = client
        self._name = name
        self._keep = int(keep.total_seconds())

    def put_many(self, records: Sequence[Record]) -> None:
        """Write records, replacing existing ones."""
        left = self.put_now(records)
        for round_ in range(WRITE_ROUNDS):
            seconds = pause(round_)
            if not (left.records and left.passing) or time.monotonic() + seconds > self._client.give_up_at:
                break
            time.sleep(seconds)
            left = self.put_now(left.records)
        if left.records:
            raise Unavailable(f"DynamoDB left {len(left.records)} records unwritten: {left.reason}")

    def put_now(self, records: Sequence[Record]) -> Left:
        """Try once to write records, replacing existing ones; return those that were not written.

        Raises nothing.
        """
        left = Left()
        for portion in batches(records, BATCH_WRITE_SIZE):
            puts = ",".join([f'{{"PutRequest":{{"Item":{self.text(record)}}}}}' for record in portion])
            try:
                # One try, because the caller has exchanges in flight whose responses must be read.
                response = self._client.call(
                    "BatchWriteItem", tries=1, RequestItems=Json(f'{{"{self._name}":[{puts}]}}')
                )
            except CallFailed as error:
                left = Left([*left.records, *portion], str(error), error.passing)
                continue
            if unprocessed := response["UnprocessedItems"].get(self._name):
                keys_left = {key_of(request["PutRequest"]["Item"]) for request in unprocessed}
                undone = [record for record in portion if key_of(_key(record)) in keys_left]
                left = Left([*left.records, *undone], "it is busy", left.passing)
        return left

    def item(self, record: EventRecord) -> Item:
        """Write an event's record as it is stored, with the time at which it expires."""
        return event_item(record, self.expires, self.shards)

    def text(self, record: Record) -> Json:
        """Write a record as the JSON of its item."""
        if isinstance(record, EventRecord):
            return Json(json.dumps(self.item(record), separators=(",", ":")))
        return Json(delivery_text(record, self.expires, self.shards))

    @property
    def expires(self) -> int:
        """Return when an item that is written now expires, in seconds since 1970."""
        return int(time.time()) + self._keep

    def document_parts(self, record: EventRecord) -> list[Item]:
        """Write the parts of an event's document that have items of their own."""
        return documents.parts(record.id, record.document or "", self.expires)

    def read(self, key: Item, record_id: str) -> Item | None:
        """Read one item by its key. ``record_id``: the id in it, which may be too long for a key."""
        if len(record_id.encode(errors="replace")) > MAX_ID_BYTES:
            return None
        with translated():
            found = self._client.call("GetItem", TableName=self._name, Key=key, ConsistentRead=True)
        return found.get("Item")

    def query(self, parameters: Mapping[str, Any]) -> Iterator[Item]:
        """Read all items that a query finds, page by page."""
        return query_all(self._client, {"TableName": self._name, **parameters})

    def query_page(self, parameters: Mapping[str, Any]) -> tuple[list[Item], Item | None]:
        """Read one page of a query; return its items, and the last key that was read if more follow."""
        with translated():
            response = self._client.call("Query", TableName=self._name, **parameters)
        return response["Items"], response.get("LastEvaluatedKey")

    def conditionally(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
        """Call an operation of this table with a condition; return None if the condition does not hold."""
        return conditionally(self._client, operation, TableName=self._name, **parameters)


def _key(record: Record) -> Item:
    if isinstance(record, EventRecord):
        return keys.event(record.id)
    return keys.delivery(record.event_id, record.rule_id)


def key_of(item: Item) -> tuple[str, str]:
    """Return the primary key of an item, or of a key that is asked for, as a hashable value."""
    return item[keys.PARTITION_KEY]["S"], item[keys.SORT_KEY]["S"]
