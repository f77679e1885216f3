"""What all tables of DynamoDB have in common."""

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
"""How often in a row a batch of which DynamoDB, being busy, read nothing is read again."""

FIRST_PAUSE_SECONDS = 0.05
"""Before what a busy table left is tried again; twice as long each time."""

BATCH_STATEMENTS = 25
"""DynamoDB's limit of statements in one BatchExecuteStatement."""

TRANSACTION_CANCELED = "TransactionCanceledException"
_CONDITION_FAILED = "ConditionalCheckFailedException"
_MEANINGFUL = frozenset({_CONDITION_FAILED, TRANSACTION_CANCELED})
"""Refusals that say something about the data; their callers take them apart."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise ``Unavailable`` for what the client cannot get done within its own tries."""
    try:
        yield
    except CallFailed as error:
        if error.code in _MEANINGFUL:
            raise
        raise Unavailable(f"DynamoDB did not do it: {error}") from error


def conditionally(client: Client, operation: str, **parameters: Any) -> dict[str, Any] | None:
    """Do an operation that has a condition; None if the condition does not hold.

    Raises:
        Unavailable: DynamoDB does not do it for another reason.
    """
    try:
        with translated():
            return client.call(operation, **parameters)
    except Refused as error:
        if error.code != _CONDITION_FAILED:
            raise
        return None


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
    """Return how long to wait, in seconds, before what was tried in vain so many times is tried again.

    ``first``: the pause after none, ``FIRST_PAUSE_SECONDS`` without it. By chance it is up to half as long
    or as long again, so that those who met do not meet once more.
    """
    seconds = FIRST_PAUSE_SECONDS if first is None else first
    return seconds * 2.0**times * random.uniform(0.5, 1.5)


def read_batches(client: Client, table: str, wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Read items by their keys, strongly consistently and in any order; unknown ones are left out.

    Raises:
        Unavailable: DynamoDB does not read them, or left what is left of a batch ``READ_ROUNDS`` times.
    """
    found: list[dict[str, Any]] = []
    for batch in batches(wanted, BATCH_GET_SIZE):
        found += _read_batch(client, table, batch)
    return found


def _read_batch(client: Client, table: str, pending: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    barren = 0
    while barren < READ_ROUNDS:
        with translated():
            response = client.call(
                "BatchGetItem", RequestItems={table: {"Keys": pending, "ConsistentRead": True}}
            )
        found += response["Responses"].get(table, [])
        left = response["UnprocessedKeys"].get(table, {"Keys": []})["Keys"]
        if not left:
            return found
        # A batch that was only too large goes on soon; one that met a busy partition, later each time.
        barren = barren + 1 if len(left) == len(pending) else 0
        pending = left
        time.sleep(pause(barren))
    raise Unavailable(f"DynamoDB left {len(pending)} items unread {READ_ROUNDS} times")
