"""Counting: each call of an AWS API that our code makes, with what AWS bills of it, and what is logged."""

import io
import json
import logging
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from bench.capacity import TABLE, read_units, size, stored, write_units
from notifications import logs
from notifications.awsapi.client import Client, Json
from notifications.store import keys
from tests.cloud.partiql import items_of

TABLES = {"CONFIG_TABLE": "ConfigTable", "DELIVERIES_TABLE": "DeliveriesTable"}
"""Environment variables that name tables, and what these are called in template.yaml."""

SERVICES = {
    "DynamoDB_20120810": "DynamoDB",
    "AWSEvents": "EventBridge",
    "TrentService": "KMS",
    "secretsmanager": "Secrets Manager",
    "AmazonSQS": "SQS",
}
TRANSACTION = 2
"""How many times its units a write costs within a transaction."""

OURS = ("dispatcher", "redeliverer", "notifications")
"""Whose lines are counted: nobody else logs on Lambda."""

REQUEST_ID = ', "requestId": "8286a188-ba32-4475-8077-530cd35c09a9"'
"""What Lambda adds to each line that is logged."""


@dataclass
class Usage:
    """What was called and used. Units are by table and index, ``deliveries`` or ``deliveries/by-time``."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    write_units: Counter[str] = field(default_factory=Counter)
    read_units: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    items: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    """By table and key, as they are now."""
    log_bytes: int = 0

    def of(self, service: str) -> dict[str, int]:
        """Return how often each operation of a service was called."""
        return {operation: count for (name, operation), count in self.calls.items() if name == service}

    def stored_bytes(self, table: str) -> Counter[str]:
        """Return the bytes that what was written to a table takes, by where, as it is now."""
        total: Counter[str] = Counter()
        for (resource, *_), item in self.items.items():
            if resource == table and item is not None:
                total.update(stored(resource, item))
        return total

    def take(self, service: str, operation: str, parameters: Mapping[str, Any], result: Any) -> None:
        """Count a call that was done.

        Raises:
            NotImplementedError: what the operation costs is not known here yet.
        """
        self.calls[service, operation] += 1
        if service != "DynamoDB":
            return
        parameters = {
            name: json.loads(value) if isinstance(value, Json) else value
            for name, value in parameters.items()
        }
        if operation in {"GetItem", "Query", "BatchGetItem"}:
            self._read(operation, parameters, result)
            return
        for table, item, new in _written(operation, parameters, result):
            resource = _resource(table)
            key = (resource, item["pk"]["S"], item["sk"]["S"])
            times = TRANSACTION if operation == "TransactWriteItems" else 1
            for where, units in write_units(resource, self.items.get(key), new).items():
                self.write_units[_named(resource, where)] += units * times
            self.items[key] = new

    def _read(self, operation: str, parameters: Mapping[str, Any], result: Any) -> None:
        consistent = parameters.get("ConsistentRead", False)
        if operation == "BatchGetItem":
            for table, asked in parameters["RequestItems"].items():
                found = [size(item) for item in result["Responses"].get(table, ())]
                missing = [0] * (len(asked["Keys"]) - len(found))
                units = read_units(found + missing, consistent=asked.get("ConsistentRead", False))
                self.read_units[_named(_resource(table), TABLE)] += units
            return
        found = result["Items"] if operation == "Query" else [result.get("Item", {})]
        units = read_units([sum(map(size, found))], consistent=consistent)
        where = parameters.get("IndexName", TABLE)
        self.read_units[_named(_resource(parameters["TableName"]), where)] += units


@contextmanager
def counted() -> Iterator[Usage]:
    """Count all calls of all clients, and what is logged. What was written before is not known to it."""
    usage, call = Usage(), Client.call
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logs._Formatter())  # noqa: SLF001 - it lays lines out as Lambda does
    handler.addFilter(lambda record: record.name.startswith(OURS))
    root, level = logging.getLogger(), logging.getLogger().level

    def noted(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        result = call(client, operation, **parameters)
        usage.take(SERVICES[client._protocol.prefix], operation, parameters, result)  # noqa: SLF001
        return result

    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        with patch.object(Client, "call", noted), redirect_stdout(io.StringIO()) as metrics:
            yield usage
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        told = lines.getvalue().splitlines()
        usage.log_bytes = sum(len((line + REQUEST_ID).encode()) for line in told)
        usage.log_bytes += len(metrics.getvalue().strip().encode())


def _written(
    operation: str, parameters: Mapping[str, Any], result: Any
) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any] | None]]:
    """Name each table, and the item, or its key, as it was given and as it is afterwards."""
    match operation:
        case "BatchWriteItem":
            for table, requests in parameters["RequestItems"].items():
                for request in requests:
                    yield table, request["PutRequest"]["Item"], request["PutRequest"]["Item"]
        case "TransactWriteItems":
            for kind, of_item in (each for item in parameters["TransactItems"] for each in item.items()):
                yield of_item["TableName"], *_in_transaction(kind, of_item)
        case "BatchExecuteStatement":
            answers = zip(items_of(parameters["Statements"]), result["Responses"], strict=True)
            yield from ((table, item, item) for (table, item), answer in answers if "Error" not in answer)
        case "PutItem":
            yield parameters["TableName"], parameters["Item"], parameters["Item"]
        case "UpdateItem":
            yield parameters["TableName"], *[_updated(parameters, result)] * 2
        case "DeleteItem":
            yield parameters["TableName"], parameters["Key"], None
        case _:
            raise NotImplementedError(f"What {operation} costs")


def _in_transaction(
    kind: str, parameters: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """Return what a part of a transaction writes, and what is there afterwards."""
    match kind:
        case "Put":
            return parameters["Item"], parameters["Item"]
        case "Delete":
            return parameters["Key"], None
        case "Update" if _is_small(parameters["Key"]):
            return parameters["Key"], parameters["Key"]
    raise NotImplementedError(f"What {kind} costs in a transaction")


def _is_small(key: Mapping[str, Any]) -> bool:
    """Tell whether an item always takes one unit: clocks and windows are small, and in no index."""
    return bool(key[keys.PARTITION_KEY]["S"].startswith(("PACE#", "REPEAT#", "DIGEST#")))


def _updated(parameters: Mapping[str, Any], result: Any) -> Mapping[str, Any]:
    """Return an item after an update, as far as its size matters."""
    key: Mapping[str, Any] = parameters["Key"]
    if _is_small(key):
        return key
    if parameters.get("ReturnValues") != "ALL_NEW":
        raise NotImplementedError("What UpdateItem costs")
    return {**key, **result["Attributes"]}


def _resource(table: str) -> str:
    (resource,) = (name for variable, name in TABLES.items() if os.environ[variable] == table)
    return resource


def _named(resource: str, where: str) -> str:
    name = resource.removesuffix("Table").lower()
    return name if where == TABLE else f"{name}/{where}"
