"""What all tables of DynamoDB have in common."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed, Refused
from notifications.core.errors import Unavailable

BATCH_GET_SIZE = 100
"""DynamoDB's limit of keys in one BatchGetItem."""

BATCH_WRITE_SIZE = 25
"""DynamoDB's limit of items in one BatchWriteItem."""

TRANSACTION_CANCELED = "TransactionCanceledException"
_CONDITION_FAILED = "ConditionalCheckFailedException"
_MEANINGFUL = frozenset({_CONDITION_FAILED, TRANSACTION_CANCELED})
"""Refusals that say something about the data; their callers take them apart."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise ``Unavailable`` for what the client can not get done within its own tries."""
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
        Unavailable: a page can not be read.
    """
    page = dict(request)
    while True:
        with translated():
            response = client.call("Query", **page)
        yield from response["Items"]
        if not response.get("LastEvaluatedKey"):
            return
        page["ExclusiveStartKey"] = response["LastEvaluatedKey"]
