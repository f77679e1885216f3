"""The uses of idempotency keys, in the deliveries table."""

from datetime import datetime

from notifications.awsapi.client import Client
from notifications.core.idempotency import KEPT, KeyUse
from notifications.store import keys
from notifications.store.dynamodb import conditionally, translated
from notifications.store.items import Item, attributes, plain


class IdempotencyStore:
    """Record the uses of keys. Every method raises ``Unavailable`` if DynamoDB fails."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    def begin(self, use: KeyUse, now: datetime) -> KeyUse | None:
        """Record a key's first use; if there is an earlier one, return that and change nothing."""
        first = conditionally(
            self._client,
            "PutItem",
            TableName=self._name,
            Item=_item(use, now),
            # DynamoDB may delete an expired item days later, so the condition must check the time.
            ConditionExpression="attribute_not_exists(pk) OR expires <= :now",
            ExpressionAttributeValues={":now": {"N": str(int(now.timestamp()))}},
        )
        if first is not None:
            return None
        key = keys.idempotency(use.key)
        with translated():
            found = self._client.call("GetItem", TableName=self._name, Key=key, ConsistentRead=True)
        return _use(use.key, found["Item"]) if "Item" in found else None

    def accept(self, use: KeyUse, now: datetime) -> None:
        """Record that a key's event is on the bus."""
        with translated():
            self._client.call(
                "PutItem", TableName=self._name, Item=_item(use, now) | {"accepted": {"BOOL": True}}
            )


def _item(use: KeyUse, now: datetime) -> Item:
    expires = int((now + KEPT).timestamp()) + 1
    values = {"digest": use.digest, "accepted": use.accepted, "expires": expires}
    return keys.idempotency(use.key) | attributes(values)


def _use(key: str, item: Item) -> KeyUse:
    values = plain(item)
    return KeyUse(key, values["digest"], values["accepted"])
