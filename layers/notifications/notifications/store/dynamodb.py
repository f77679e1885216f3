"""What all tables of DynamoDB have in common."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.errors import Unavailable

BATCH_GET_SIZE = 100
"""DynamoDB's limit of keys in one BatchGetItem."""

BATCH_WRITE_SIZE = 25
"""DynamoDB's limit of items in one BatchWriteItem."""

CONDITION_FAILED = "ConditionalCheckFailedException"
TRANSACTION_CANCELED = "TransactionCanceledException"
_MEANINGFUL = frozenset({CONDITION_FAILED, TRANSACTION_CANCELED})
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
