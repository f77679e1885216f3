"""The records of events in the deliveries table: each is made once, and changed only by whoever has it."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from notifications.core.batches import batches
from notifications.core.errors import EntityNotFound, Unavailable
from notifications.core.event_records import EventRecord
from notifications.core.model import timestamp
from notifications.core.values import value
from notifications.store import documents, keys
from notifications.store.dynamodb import BATCH_GET_SIZE, BATCH_STATEMENTS, pause, translated
from notifications.store.items import Item
from notifications.store.record_items import event_from
from notifications.store.record_table import WRITE_ROUNDS, RecordTable

DUPLICATE = "DuplicateItem"
"""How DynamoDB refuses to insert an item that is there."""


@value
class Inserted:
    """The ids of the events whose records were made, and of those that DynamoDB left undone."""

    made: Collection[str]
    undone: Collection[str]


class EventStore(RecordTable):
    """Make, read and change the records of events.

    Every method but ``insert`` raises ``Unavailable`` when DynamoDB does not do it within its tries.
    """

    def insert(self, records: Sequence[EventRecord]) -> Inserted:
        """Make the records of events that have none; what is there stays as it is.

        Statements are used because a batch of them is one call, and each fails for itself, while
        BatchWriteItem knows no conditions.
        """
        made: set[str] = set()
        undone = {record.id for record in records if not self._put_parts(record)}
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
        """Read an event's record.

        Raises:
            EntityNotFound: there is none; its time may be over.
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

    def standings(self, event_ids: Sequence[str]) -> dict[str, EventRecord]:
        """Read which events have a record, by their ids, without their documents."""
        found: dict[str, EventRecord] = {}
        for portion in batches(event_ids, BATCH_GET_SIZE):
            asked: dict[str, Any] = {
                "Keys": [keys.event(event_id) for event_id in portion],
                "ConsistentRead": True,
                "ProjectionExpression": "pk, sk, rule_type, #status, moment, updated_at, claims, lease",
                "ExpressionAttributeNames": {"#status": "status"},
            }
            with translated():
                response = self._client.call("BatchGetItem", RequestItems={self._name: asked})
            # What is left unread is only a hint that is missing: each record is read again before its claim.
            found |= {record.id: record for record in map(event_from, response["Responses"][self._name])}
        return found

    def put_if(self, record: EventRecord, seen: EventRecord) -> bool:
        """Replace an event's record, if it is still as ``seen``; tell whether it was."""
        values = {":claims": {"N": str(seen.claims)}, ":status": {"S": seen.status}}
        lease = "attribute_not_exists(lease)"
        if seen.lease is not None:
            lease, values[":lease"] = "lease = :lease", {"S": timestamp(seen.lease)}
        parameters: Mapping[str, Any] = {
            "Item": self.item(record),
            "ConditionExpression": f"claims = :claims AND #status = :status AND {lease}",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": values,
        }
        return self.conditionally("PutItem", parameters) is not None

    def _put_parts(self, record: EventRecord) -> bool:
        """Write what of a document is in items of its own, before there is a record that needs it."""
        try:
            for part in self.document_parts(record):
                with translated():
                    self._client.call("PutItem", TableName=self._name, Item=part)
        except Unavailable:
            return False
        return True

    def _insert(self, records: Sequence[EventRecord]) -> list[str | None]:
        """Insert once; return each one's refusal, None if it was made."""
        statements = [_insertion(self._name, self.item(record)) for record in records]
        with translated():
            response = self._client.call("BatchExecuteStatement", Statements=statements)
        return [each.get("Error", {}).get("Code") for each in response["Responses"]]


def _insertion(table: str, item: Item) -> dict[str, Any]:
    attributes = ", ".join(f"'{name}': ?" for name in item)
    return {
        "Statement": f'INSERT INTO "{table}" VALUE {{{attributes}}}',
        "Parameters": list(item.values()),
    }
