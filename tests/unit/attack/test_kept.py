"""A secret is found in an item, however the service keeps it."""

from base64 import b64decode
from typing import Any

import pytest

from notifications.store import compression, documents
from notifications.store.items import Item
from tests.attack import kept

SECRET = "canary-1"
LONG = f'{{"text": "{"word " * 100}", "token": "{SECRET}"}}'


def as_boto3_gives_it(item: Item) -> dict[str, Any]:
    """Return bytes where the service's own client has base64."""
    return {name: {"B": b64decode(value["B"])} if "B" in value else value for name, value in item.items()}


@pytest.mark.parametrize(
    "item",
    [
        {"spec": {"S": SECRET}},
        {"secret": {"B": "Y2FuYXJ5LTE="}},
        compression.attributes("content", LONG),
        documents.attributes(LONG + " " * documents.PLAIN_BYTES),
    ],
    ids=["text", "bytes", "deflated", "packed"],
)
def test_a_secret_is_found(item: Item) -> None:
    """In text, in bytes, and in both forms of what is deflated."""
    assert SECRET in kept.text([as_boto3_gives_it(item)])
