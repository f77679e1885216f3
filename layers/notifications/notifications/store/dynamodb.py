"""What all tables of DynamoDB have in common."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from notifications.core.errors import Unavailable

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

BATCH_GET_SIZE = 100
"""DynamoDB's limit of keys in one BatchGetItem."""

BATCH_WRITE_SIZE = 25
"""DynamoDB's limit of items in one BatchWriteItem."""

_MEANINGFUL = frozenset({"TransactionCanceledException", "ConditionalCheckFailedException"})
"""Refusals that say something about the data; their callers take them apart."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise ``Unavailable`` for what the SDK can not get done within its own tries."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _MEANINGFUL:
            raise
        raise Unavailable(f"DynamoDB refused: {code}") from error
    except BotoCoreError as error:
        raise Unavailable(f"DynamoDB was not reached: {error}") from error


def query_all(client: "DynamoDBClient", request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Read all items that a query finds, page by page.

    Raises:
        Unavailable: a page can not be read.
    """
    page = dict(request)
    while True:
        with translated():
            response = client.query(**page)
        yield from response["Items"]
        if not response.get("LastEvaluatedKey"):
            return
        page["ExclusiveStartKey"] = response["LastEvaluatedKey"]
