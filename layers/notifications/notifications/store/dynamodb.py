"""Functions that all DynamoDB tables share."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed, Refused
from notifications.core.batches import batches
from notifications.core.errors import Unavailable
from notifications.jitter import random

BATCH_GET_SIZE = 100
"""DynamoDB's limit of keys in one BatchGetItem."""

BATCH_WRITE_SIZE = 25
"""DynamoDB's limit of items in one BatchWriteItem."""

READ_ROUNDS = 8
"""How often in a row DynamoDB may read nothing of a batch before the read fails."""

FIRST_PAUSE_SECONDS = 0.05
"""The pause before a busy table is tried again; it doubles each time."""

BATCH_STATEMENTS = 25
"""DynamoDB's limit of statements in one BatchExecuteStatement."""

TRANSACTION_CANCELED = "TransactionCanceledException"
_CONDITION_FAILED = "ConditionalCheckFailedException"
_MEANINGFUL = frozenset({_CONDITION_FAILED, TRANSACTION_CANCELED})
"""Refusals that depend on the data, which the callers interpret."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise ``Unavailable`` for calls that fail within the client's own tries."""
    try:
        yield
    except CallFailed as error:
        if error.code in _MEANINGFUL:
            raise
        raise Unavailable(f"DynamoDB failed: {error}") from error


def conditionally(client: Client, operation: str, **parameters: Any) -> dict[str, Any] | None:
    """Call an operation with a condition; return None if the condition does not hold.

    Raises:
        Unavailable: it failed for another reason.
    """
    try:
        with translated():
            return client.call(operation, **parameters)
    except Refused as error:
        if error.code != _CONDITION_FAILED:
            raise
        return None


def updated_or_present(client: Client, **parameters: Any) -> tuple[bool, Mapping[str, Any]]:
    """Update an item under a condition; return whether it holds, and the attributes as they were before.

    Raises:
        Unavailable: it failed for another reason.
    """
    try:
        with translated():
            response = client.call("UpdateItem", ReturnValuesOnConditionCheckFailure="ALL_OLD", **parameters)
    except Refused as error:
        if error.code != _CONDITION_FAILED:
            raise
        return False, error.document.get("Item", {})
    return True, response.get("Attributes", {})


def query_all(client: Client, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Read all items that a query finds, page by page.

    Raises:
        Unavailable: a page cannot be read.
    """
    page = dict(request)
    while True:
        with translated():
            response = client.call("Query", **page)
        yield from response["Items"]
        if not response.get("LastEvaluatedKey"):
            return
        page["ExclusiveStartKey"] = response["LastEvaluatedKey"]


def pause(times: int, first: float | None = None) -> float:
    """Return the pause, in seconds, that follows ``times`` earlier ones.

    ``first``: the pause after none, by default ``FIRST_PAUSE_SECONDS``. The pause is randomly up to half
    shorter or longer, so that writers that collided do not collide again.
    """
    seconds = FIRST_PAUSE_SECONDS if first is None else first
    return seconds * 2.0**times * random.uniform(0.5, 1.5)


def read_batches(
    client: Client, table: str, wanted: Sequence[Mapping[str, Any]], attributes: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Read items by their keys, strongly consistently and in any order; unknown ones are left out.

    ``attributes``: which ones to read; all if none is named.

    Raises:
        Unavailable: the call failed, or DynamoDB read nothing of a batch ``READ_ROUNDS`` times in a row.
    """
    found: list[dict[str, Any]] = []
    for batch in batches(wanted, BATCH_GET_SIZE):
        found += _read_batch(client, table, {"Keys": batch, **_only(attributes)})
    return found


def _only(attributes: Sequence[str]) -> dict[str, Any]:
    if not attributes:
        return {}
    return {
        "ProjectionExpression": ", ".join(f"#{name}" for name in attributes),
        "ExpressionAttributeNames": {f"#{name}": name for name in attributes},
    }


def _read_batch(client: Client, table: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    pending: Sequence[Mapping[str, Any]] = asked["Keys"]
    barren = 0
    while barren < READ_ROUNDS:
        with translated():
            request = {**asked, "Keys": pending, "ConsistentRead": True}
            response = client.call("BatchGetItem", RequestItems={table: request})
        found += response["Responses"].get(table, [])
        left = response["UnprocessedKeys"].get(table, {"Keys": []})["Keys"]
        if not left:
            return found
        # A batch that was only too large for one response continues soon. If nothing of it was read, a
        # partition is busy, so the pause grows.
        barren = barren + 1 if len(left) == len(pending) else 0
        pending = left
        time.sleep(pause(barren))
    raise Unavailable(f"DynamoDB left {len(pending)} items unread {READ_ROUNDS} times")
