"""What all tables of DynamoDB have in common."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from notifications.core.errors import Unavailable

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
