"""Events in the deliveries table: claims, and records, which only the holder of a claim writes."""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from notifications.core.batches import batches
from notifications.core.errors import EntityNotFound, Unavailable
from notifications.core.event_records import EventRecord
from notifications.core.model import timestamp
from notifications.core.values import value
from notifications.store import documents, keys
from notifications.store.dynamodb import BATCH_GET_SIZE, BATCH_STATEMENTS, pause, read_batches, translated
from notifications.store.items import Item
from notifications.store.record_items import claim_attributes, claim_item, event_from
from notifications.store.record_table import WRITE_ROUNDS, RecordTable

READ_TOGETHER = 25
"""How many documents are in memory at once, because each may have a megabyte."""

DUPLICATE = "DuplicateItem"
"""DynamoDB's error code for the insertion of an item that exists."""


@value
class Inserted:
    """The ids of the events whose items were inserted, and of those that DynamoDB left undone."""

    made: Collection[str]
    undone: Collection[str]


class EventStore(RecordTable):
    """Make, read and change the claims and the records of events.

    Every method but ``insert`` raises ``Unavailable`` when DynamoDB does not do it within its tries.
    """

    def insert(self, records: Sequence[EventRecord]) -> Inserted:
        """Insert items of events that have none: claims of those that are dispatched, records of the others.

        Existing items stay as they are. PartiQL statements are used because a batch of them is one call in
        which each fails by itself, whereas BatchWriteItem has no conditions.
        """
        made: set[str] = set()
        undone = {
            record.id for record in records if record.status != "dispatching" and not self._put_parts(record)
        }
        insertable = [record for record in records if record.id not in undone]
        for batch in batches(insertable, BATCH_STATEMENTS):
            pending = batch
            for round_ in range(WRITE_ROUNDS):
                if round_:
                    time.sleep(pause(round_))
                try:
                    codes = self._insert(pending)
                except Unavailable:
                    break
                made |= {record.id for record, code in zip(pending, codes, strict=True) if code is None}
                pending = [
                    record
                    for record, code in zip(pending, codes, strict=True)
                    if code not in {None, DUPLICATE}
                ]
                if not pending:
                    break
            undone |= {record.id for record in pending}
        return Inserted(made, undone)

    def get(self, event_id: str) -> EventRecord:
        """Read an event's record, or its claim.

        Raises:
            EntityNotFound: there is neither, or they have expired.
        """
        item = self.read(keys.event(event_id), event_id)
        if item is None:
            raise EntityNotFound(f"There is no record of an event {event_id}")
        record = event_from(item)
        if not documents.is_parted(item):
            return record
        prefix = keys.document_prefix(documents.digest_of(item))
        found = self.query(
            {
                "KeyConditionExpression": "pk = :event AND begins_with(sk, :parts)",
                "ExpressionAttributeValues": {":event": item[keys.PARTITION_KEY], ":parts": {"S": prefix}},
                "ConsistentRead": True,
            }
        )
        return replace(record, document=documents.read(item, [*found]))

    def get_many(self, event_ids: Sequence[str]) -> list[EventRecord]:
        """Read events with their documents, in any order; unknown ones are left out."""
        items = read_batches(self._client, self._name, [*map(keys.event, event_ids)])
        return [
            self.get(record.id) if documents.is_parted(item) else record
            for item, record in zip(items, map(event_from, items), strict=True)
        ]

    def in_full(self, listed: Iterable[EventRecord]) -> Iterator[EventRecord]:
        """Read listed events with their documents, in their order; expired ones stay without a document."""
        for portion in batches(listed, READ_TOGETHER):
            found = {record.id: record for record in self.get_many([record.id for record in portion])}
            yield from (found.get(record.id, record) for record in portion)

    def standings(self, event_ids: Sequence[str]) -> dict[str, EventRecord]:
        """Read the records or claims of events, by their ids and without documents."""
        found: dict[str, EventRecord] = {}
        for portion in batches(event_ids, BATCH_GET_SIZE):
            asked: dict[str, Any] = {
                "Keys": [keys.event(event_id) for event_id in portion],
                "ConsistentRead": True,
                "ProjectionExpression": "pk, sk, rule_type, #status, moment, updated_at, claims, lease"
                ", time_key, body_digest",
                "ExpressionAttributeNames": {"#status": "status"},
            }
            with translated():
                response = self._client.call("BatchGetItem", RequestItems={self._name: asked})
            # A record that is left unread does no harm, because it is read again before it is claimed.
            found |= {record.id: record for record in map(event_from, response["Responses"][self._name])}
        return found

    def put_ended(self, records: Sequence[EventRecord]) -> None:
        """Record events whose claims the caller holds."""
        for record in records:
            if not self._put_parts(record):
                raise Unavailable("DynamoDB did not take the event's document")
        self.put_many(records)

    def put_if(self, record: EventRecord, seen: EventRecord) -> bool:
        """Record an event, if its item is still as ``seen``; return whether it was."""
        if not self._put_parts(record):
            raise Unavailable("DynamoDB did not take the event's document")
        parameters = {"Item": self.item(record), **_as_seen(seen)}
        return self.conditionally("PutItem", parameters) is not None

    def change_claim(self, changed: EventRecord, seen: EventRecord) -> bool:
        """Write the attributes that a claim changes, if the item is still as ``seen``; return whether it was.

        The document is not written: it may be large, or missing.
        """
        old, new = claim_attributes(seen, self.shards), claim_attributes(changed, self.shards)
        sets = {name: value for name, value in new.items() if old.get(name) != value}
        removed = sorted(old.keys() - new.keys())
        expression = "SET " + ", ".join(f"#{name} = :new_{name}" for name in sets)
        if removed:
            expression += " REMOVE " + ", ".join(f"#{name}" for name in removed)
        parameters = _as_seen(seen)
        parameters |= {"Key": keys.event(seen.id), "UpdateExpression": expression}
        parameters["ExpressionAttributeNames"] |= {f"#{name}": name for name in (*sets, *removed)}
        parameters["ExpressionAttributeValues"] |= {f":new_{name}": value for name, value in sets.items()}
        return self.conditionally("UpdateItem", parameters) is not None

    def _new_item(self, record: EventRecord) -> Item:
        return claim_item(record, self.expires) if record.status == "dispatching" else self.item(record)

    def _put_parts(self, record: EventRecord) -> bool:
        """Write the parts of a document that have items of their own, before the record that needs them."""
        try:
            for part in self.document_parts(record):
                with translated():
                    self._client.call("PutItem", TableName=self._name, Item=part)
        except Unavailable:
            return False
        return True

    def _insert(self, records: Sequence[EventRecord]) -> list[str | None]:
        """Insert items with one call; return the error code of each, None if it was inserted."""
        statements = [_insertion(self._name, self._new_item(record)) for record in records]
        with translated():
            response = self._client.call("BatchExecuteStatement", Statements=statements)
        return [each.get("Error", {}).get("Code") for each in response["Responses"]]


def _as_seen(seen: EventRecord) -> dict[str, Any]:
    """Make the condition that an item has not changed since it was read."""
    values = {":claims": {"N": str(seen.claims)}, ":status": {"S": seen.status}}
    lease = "attribute_not_exists(lease)"
    if seen.lease is not None:
        lease, values[":lease"] = "lease = :lease", {"S": timestamp(seen.lease)}
    return {
        "ConditionExpression": f"claims = :claims AND #status = :status AND {lease}",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": values,
    }


def _insertion(table: str, item: Item) -> dict[str, Any]:
    attributes = ", ".join(f"'{name}': ?" for name in item)
    return {
        "Statement": f'INSERT INTO "{table}" VALUE {{{attributes}}}',
        "Parameters": list(item.values()),
    }
