"""The records of deliveries in the deliveries table, and those that the sweeper must look at."""

import heapq
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from notifications.core.errors import EntityNotFound
from notifications.core.model import timestamp
from notifications.core.records import DeliveryRecord, DeliveryStatus, delivery_id, split_delivery_id
from notifications.core.values import value
from notifications.store import keys
from notifications.store.dynamodb import read_batches
from notifications.store.items import Item
from notifications.store.record_items import delivery_from
from notifications.store.record_table import RecordTable, key_of

DUE_PAGE = 100
"""How many of a shard's due records are read before it is the next shard's turn."""


@value
class Due:
    """A record that the sweeper must look at. ``rule_id`` is None for an event."""

    event_id: str
    rule_id: str | None


class RecordStore(RecordTable):
    """Write and read the records of deliveries, and find those that the sweeper must look at."""

    def claim_delivery(
        self, event_id: str, rule_id: str, revision: int, lease: datetime
    ) -> DeliveryRecord | None:
        """Claim a delivery that still waits at this revision; return None if another sender was faster."""
        parameters = {
            "Key": keys.delivery(event_id, rule_id),
            "UpdateExpression": "SET lease = :lease, due_at = :lease, due_key = :due,"
            " revision = revision + :one ADD claims :one",
            "ConditionExpression": "revision = :seen AND #status IN (:pending, :held)",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {
                ":lease": {"S": timestamp(lease)},
                ":due": {"S": keys.index_key(keys.shard(event_id, self.shards), "DUE")},
                ":one": {"N": "1"},
                ":seen": {"N": str(revision)},
                ":pending": {"S": "pending"},
                ":held": {"S": "held"},
            },
            "ReturnValues": "ALL_NEW",
        }
        response = self.conditionally("UpdateItem", parameters)
        return None if response is None else delivery_from(response["Attributes"])

    def insert(self, record: DeliveryRecord) -> bool:
        """Record a new delivery; return False if there is one already."""
        parameters = {"Item": self.text(record), "ConditionExpression": "attribute_not_exists(pk)"}
        return self.conditionally("PutItem", parameters) is not None

    def which_recorded(self, event_ids: Sequence[str], rule_id: str) -> set[str]:
        """Return the ids of those events for which a rule has a delivery."""
        wanted = [keys.delivery(event_id, rule_id) for event_id in event_ids]
        found = read_batches(self._client, self._name, wanted, [keys.PARTITION_KEY])
        return {item[keys.PARTITION_KEY]["S"].removeprefix(keys.EVENT_PREFIX) for item in found}

    def put_if(self, record: DeliveryRecord, seen: int) -> bool:
        """Replace a delivery's record, if it is still at the revision ``seen``; return whether it was."""
        parameters = {
            "Item": self.text(record),
            "ConditionExpression": "revision = :seen",
            "ExpressionAttributeValues": {":seen": {"N": str(seen)}},
        }
        return self.conditionally("PutItem", parameters) is not None

    def put_late(self, record: DeliveryRecord) -> bool:
        """Write the result of an attempt that could not be recorded in time.

        Return False if a newer one is recorded. A success replaces any other result, and no other result
        replaces a success.
        """
        values = {":delivered": {"S": "delivered"}}
        condition = "#status <> :delivered"
        if record.status != "delivered":
            condition += " AND revision < :revision AND #status IN (:pending, :held)"
            values |= {
                ":revision": {"N": str(record.revision)},
                ":pending": {"S": "pending"},
                ":held": {"S": "held"},
            }
        parameters = {
            "Item": self.text(record),
            "ConditionExpression": f"attribute_not_exists(pk) OR ({condition})",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": values,
        }
        return self.conditionally("PutItem", parameters) is not None

    def put_off(self, event_id: str, rule_id: str, now: datetime, then: datetime) -> DeliveryRecord | None:
        """Postpone the sweeper's next look at a delivery, and return it; None if it is no longer due."""
        found = self._put_off(keys.delivery(event_id, rule_id), now, then, "ALL_NEW")
        return None if found is None else delivery_from(found["Attributes"])

    def put_off_event(self, event_id: str, now: datetime, then: datetime) -> bool:
        """Postpone the sweeper's next look at an event; return False if it is no longer due."""
        return self._put_off(keys.event(event_id), now, then, "NONE") is not None

    def delivery(self, delivery_id: str) -> DeliveryRecord:
        """Read a delivery's record.

        Raises:
            EntityNotFound: there is none, or it has expired.
        """
        item = self.read(keys.delivery(*split_delivery_id(delivery_id)), delivery_id)
        if item is None:
            raise EntityNotFound(f"There is no record of a delivery {delivery_id}")
        return delivery_from(item)

    def statuses(self, delivery_ids: Sequence[str]) -> dict[str, DeliveryStatus]:
        """Read the statuses of deliveries, by their ids; missing ones are left out."""
        wanted = [keys.delivery(*split_delivery_id(each)) for each in delivery_ids]
        names = [keys.PARTITION_KEY, keys.SORT_KEY, "status"]
        return {
            delivery_id(
                item[keys.PARTITION_KEY]["S"].removeprefix(keys.EVENT_PREFIX),
                item[keys.SORT_KEY]["S"].removeprefix(keys.DELIVERY_PREFIX),
            ): item["status"]["S"]
            for item in read_batches(self._client, self._name, wanted, names)
        }

    def rules_met(self, event_id: str) -> set[str]:
        """Return the ids of the rules for which a delivery of an event is recorded."""
        found = self.query(
            {
                "KeyConditionExpression": "pk = :event AND begins_with(sk, :deliveries)",
                "ExpressionAttributeValues": {
                    ":event": keys.event(event_id)[keys.PARTITION_KEY],
                    ":deliveries": {"S": keys.DELIVERY_PREFIX},
                },
                "ProjectionExpression": "sk",
                "ConsistentRead": True,
            }
        )
        return {item[keys.SORT_KEY]["S"].removeprefix(keys.DELIVERY_PREFIX) for item in found}

    def of_rules(self, event_id: str, rule_ids: Collection[str]) -> dict[str, DeliveryRecord]:
        """Read the deliveries of an event for rules, by rule; missing ones are left out."""
        places = [keys.delivery(event_id, rule_id) for rule_id in rule_ids]
        found = map(delivery_from, read_batches(self._client, self._name, places))
        return {record.rule_id: record for record in found}

    def read_all(self, rows: Sequence[Item]) -> list[DeliveryRecord]:
        """Read the deliveries of an index's rows, in their order; missing ones are left out."""
        wanted = [*map(keys.of_item, rows)]
        found = {key_of(item): item for item in read_batches(self._client, self._name, wanted)}
        return [delivery_from(found[key_of(row)]) for row in rows if key_of(row) in found]

    def due(self, now: datetime, shard: int) -> Iterator[Sequence[Due]]:
        """Yield the due records of one shard, page by page, oldest first."""
        request = {**_due_until(keys.index_key(shard, "DUE"), now), "Limit": DUE_PAGE}
        while True:
            items, last = self.query_page(request)
            if items:
                yield [due_from(item) for item in items]
            if last is None:
                return
            request["ExclusiveStartKey"] = last

    def held_ids(self, holder_id: str, until: datetime | None = None) -> Iterator[tuple[str, str]]:
        """Yield the event and rule ids of deliveries that a channel or a mute holds, oldest first.

        ``until``: only those held until then. The index lags, so some may no longer be held.
        """
        last = until or datetime.max.replace(tzinfo=UTC)
        partitions = [self.query(_due_until(key, last)) for key in keys.held_keys(holder_id, self.shards)]
        for item in heapq.merge(*partitions, key=lambda item: str(item["due_at"]["S"])):
            event_id = item[keys.PARTITION_KEY]["S"].removeprefix(keys.EVENT_PREFIX)
            yield event_id, item[keys.SORT_KEY]["S"].removeprefix(keys.DELIVERY_PREFIX)

    def count_held(self, holder_id: str, most: int) -> int:
        """Count the deliveries held for a channel, or kept back by a mute, up to ``most``."""
        return sum(1 for _ in islice(self.held_ids(holder_id), most))

    def held(
        self, holder_id: str, until: datetime | None = None, *, at_once: int = 1
    ) -> Iterator[DeliveryRecord]:
        """Yield the unclaimed deliveries held for a channel, or by a mute, oldest first.

        ``until``: only those held until then. ``at_once``: how many records are read with one call.
        """
        ids = self.held_ids(holder_id, until)
        while portion := [keys.delivery(*each) for each in islice(ids, at_once)]:
            items = read_batches(self._client, self._name, portion)
            found = {key_of(item): item for item in items}
            for key in portion:
                item = found.get(key_of(key))
                if item is not None and item["status"]["S"] == "held" and "lease" not in item:
                    yield delivery_from(item)

    def _put_off(self, key: Item, now: datetime, then: datetime, returned: str) -> dict[str, Any] | None:
        parameters = {
            "Key": key,
            "UpdateExpression": "SET due_at = :then",
            "ConditionExpression": "due_at <= :now",
            "ExpressionAttributeValues": {":then": {"S": timestamp(then)}, ":now": {"S": timestamp(now)}},
            "ReturnValues": returned,
        }
        return self.conditionally("UpdateItem", parameters)


def _due_until(key: str, until: datetime) -> dict[str, Any]:
    return {
        "IndexName": keys.DUE,
        "KeyConditionExpression": "due_key = :key AND due_at <= :until",
        "ExpressionAttributeValues": {":key": {"S": key}, ":until": {"S": timestamp(until)}},
    }


def due_from(item: Item) -> Due:
    """Read a row of the due index."""
    event_id = item[keys.PARTITION_KEY]["S"].removeprefix(keys.EVENT_PREFIX)
    kind, _, rule_id = item[keys.SORT_KEY]["S"].partition("#")
    return Due(event_id, rule_id if kind == keys.DELIVERY else None)
