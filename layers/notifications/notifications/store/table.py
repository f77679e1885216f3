"""The config table.

Reads are strongly consistent, and each write is a transaction that also raises counters.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from notifications.awsapi.client import Client
from notifications.awsapi.errors import Refused
from notifications.core.errors import NotificationError, Unavailable
from notifications.core.model import MAX_EVENT_TYPE_CHARS
from notifications.store import keys
from notifications.store.dynamodb import TRANSACTION_CANCELED, pause, query_all, read_batches, translated
from notifications.store.items import Item
from notifications.store.versions import COUNT, Concern, Versions

WRITE_TRIES = 8
"""How often a write is tried if it conflicts with another one or the table is busy."""

FIRST_PAUSE_SECONDS = 0.02

_PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Reasons for a cancelled transaction that may succeed a moment later.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

OperationKind = Literal["Put", "Update", "Delete", "ConditionCheck"]
Operation = tuple[OperationKind, dict[str, Any], NotificationError | None]
"""Kind, parameters without the table's name, and the error to raise if the condition does not hold."""


class ConfigTable:
    """Access to the config table for the stores of this package.

    Every method raises ``Unavailable`` if DynamoDB fails within the client's tries.
    """

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    def get(self, key: Item) -> Item | None:
        """Read one item."""
        with translated():
            response = self._client.call("GetItem", TableName=self._name, Key=key, ConsistentRead=True)
        return response.get("Item")

    def get_many(self, wanted: Sequence[Item], attributes: Sequence[str] = ()) -> list[Item]:
        """Read items by their keys, in any order; those that do not exist are left out.

        ``attributes``: which ones to read; all if none is named.
        """
        return read_batches(self._client, self._name, wanted, attributes)

    def page(self, **request: Any) -> tuple[list[Item], Item | None]:
        """Query one page; return it, and the key after which more may follow, None at the end."""
        with translated():
            response = self._client.call("Query", TableName=self._name, ConsistentRead=True, **request)
        return response["Items"], response.get("LastEvaluatedKey")

    def query(
        self, partition: str, index: str, sort: tuple[str, str] | None = None, operator: str = "="
    ) -> Iterator[Item]:
        """Read the items of a partition through an index.

        ``sort``: the index's sort attribute and a value; only items that ``operator`` relates so are read.
        """
        request: dict[str, Any] = {
            "TableName": self._name,
            "IndexName": index,
            "KeyConditionExpression": "#pk = :pk",
            "ExpressionAttributeNames": {"#pk": keys.PARTITION_KEY},
            "ExpressionAttributeValues": {":pk": {"S": partition}},
            "ConsistentRead": True,
        }
        if sort:
            request["KeyConditionExpression"] += f" AND #sort {operator} :sort"
            request["ExpressionAttributeNames"]["#sort"] = sort[0]
            request["ExpressionAttributeValues"][":sort"] = {"S": sort[1]}
        return query_all(self._client, request)

    def write(self, *operations: Operation, concern: Concern) -> None:
        """Write all or nothing, and raise the counters of what the write concerns.

        Raises:
            NotificationError: the error of the first operation whose condition does not hold.
            Unavailable: other writes, or a busy table, prevented it ``WRITE_TRIES`` times.
        """
        items = [_named(self._name, kind, parameters) for kind, parameters, _ in operations]
        items += [_named(self._name, "Update", parameters) for parameters in concern.updates()]
        for attempt in range(WRITE_TRIES):
            try:
                with translated():
                    self._client.call("TransactWriteItems", TransactItems=items)
            except Refused as error:
                if error.code != TRANSACTION_CANCELED:
                    raise
                codes = [reason.get("Code") for reason in error.document["CancellationReasons"]]
                # If a condition does not hold, another try would fail as well. One helps only if all hold
                # and another transaction was in the way.
                for code, (_, _, refusal) in zip(codes, operations, strict=False):
                    if code == "ConditionalCheckFailed" and refusal is not None:
                        raise refusal from None
                if not _PASSING & set(codes):
                    raise
                time.sleep(pause(attempt, FIRST_PAUSE_SECONDS))
            else:
                return
        raise Unavailable("The configuration is being changed too often at this moment; try again")

    def versions(self) -> Versions:
        """Read the counters of all configuration writes."""
        return Versions(_counters(self.get(keys.version())))

    def type_version(self, event_type: str) -> int:
        """Read how many writes have concerned an event type."""
        if len(event_type) > MAX_EVENT_TYPE_CHARS:
            return 0  # DynamoDB refuses keys that are too long, so no such type can have been written
        return _counters(self.get(keys.type_version(event_type))).get(COUNT, 0)


def new(item: Item) -> dict[str, Any]:
    """Make the parameters of a Put of an item that must not exist yet."""
    return {"Item": item, "ConditionExpression": f"attribute_not_exists({keys.PARTITION_KEY})"}


def unused(key: Item) -> dict[str, Any]:
    """Make the parameters of a Delete of an item, on condition that no rule uses it."""
    return {
        "Key": key,
        "ConditionExpression": "rule_count = :none",
        "ExpressionAttributeValues": {":none": {"N": "0"}},
    }


def update(key: Item, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Make the parameters of an Update of an existing item.

    ``changes``: the new DynamoDB attributes by name; None removes an attribute.
    """
    names = {f"#{index}": name for index, name in enumerate(changes)}
    values = {f":{index}": value for index, value in enumerate(changes.values()) if value is not None}
    assignments = [
        f"#{index} = :{index}" for index, value in enumerate(changes.values()) if value is not None
    ]
    removals = [f"#{index}" for index, value in enumerate(changes.values()) if value is None]
    clauses = (("SET", assignments), ("REMOVE", removals))
    expression = " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts)
    return {
        "Key": key,
        "UpdateExpression": expression,
        "ConditionExpression": f"attribute_exists({keys.PARTITION_KEY})",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _named(table: str, kind: OperationKind, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: {"TableName": table, **parameters}}


def _counters(item: Item | None) -> dict[str, int]:
    return {name: int(value["N"]) for name, value in (item or {}).items() if "N" in value}
