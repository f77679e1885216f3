"""What the service recorded, read from its table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

FINAL_EVENT = frozenset({"dispatched", "unmatched", "refused", "dead_letter"})
FINAL_DELIVERY = frozenset({"delivered", "failed", "skipped", "collected"})

Item = dict[str, Any]

_deserialize = TypeDeserializer().deserialize


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event's record, None if there is none, and those of its deliveries by their ids."""

    event: Item | None = None
    deliveries: Mapping[str, Item] = field(default_factory=dict)

    @property
    def final(self) -> bool:
        """Tell whether nothing more is to come of itself."""
        ended = self.event is not None and self.event["status"] in FINAL_EVENT
        return ended and all(item["status"] in FINAL_DELIVERY for item in self.deliveries.values())


class Records:
    """Reads what became of events."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def of(self, event_id: str) -> Recorded:
        """Read what is recorded of an event."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :event",
            ExpressionAttributeValues={":event": {"S": f"EVENT#{event_id}"}},
            ConsistentRead=True,
        )
        items = [{name: _deserialize(value) for name, value in item.items()} for item in answer["Items"]]
        event = next((item for item in items if item["sk"] == "EVENT"), None)
        prefix = "DELIVERY#"
        deliveries = {
            f"{event_id}_{item['sk'].removeprefix(prefix)}": item
            for item in items
            if item["sk"].startswith(prefix)
        }
        return Recorded(event, deliveries)

    def channel_health(self, channel_id: str) -> Item:
        """Read what is remembered of a channel's receiver; empty if it is well."""
        key = {"pk": {"S": "HEALTH"}, "sk": {"S": channel_id}}
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        return {name: _deserialize(value) for name, value in item.items()}

    def ended(self, event_type: str) -> int:
        """Count the events of a type that were dispatched wholly."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="sk = :event AND rule_type = :type AND #status = :ended",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":event": {"S": "EVENT"},
                ":type": {"S": event_type},
                ":ended": {"S": "dispatched"},
            },
            Select="COUNT",
            ConsistentRead=True,
        )
        return sum(page["Count"] for page in pages)

    def make_due(self, item: Item, **more: str) -> None:
        """Let the sweeper find a record now that it would find later."""
        values = {"due_at": "2020-01-01T00:00:00.000000Z", **more}
        self._client.update_item(
            TableName=self._table,
            Key={name: {"S": item[name]} for name in ("pk", "sk")},
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in values),
            ConditionExpression="attribute_exists(due_at)",
            ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
        )
