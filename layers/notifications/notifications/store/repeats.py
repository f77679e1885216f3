"""The windows of once-per in the deliveries table: one small item per group, in no index."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from notifications.awsapi.client import Client
from notifications.core.model import timestamp
from notifications.core.windows.grouping import Place
from notifications.core.windows.repeats import Window
from notifications.store import keys
from notifications.store.dynamodb import conditionally, read_batches, translated
from notifications.store.items import Item

_AS_SEEN = "event_id = :seen AND #until = :seen_until"


class RepeatStore:
    """Reads, opens and counts. Every method raises ``Unavailable`` if DynamoDB fails within its tries.

    ``keep``: how long a window is kept after its end, because the next message says how many repeats it had.
    """

    def __init__(self, client: Client, name: str, keep: timedelta) -> None:
        self._client = client
        self._name = name
        self._keep = keep

    def windows(self, places: Collection[Place]) -> dict[Place, Window]:
        """Read the last windows of groups; those that never had one are left out."""
        wanted = {keys.repeat_window(*place)[keys.PARTITION_KEY]["S"]: place for place in places}
        keys_of = [keys.repeat_window(*place) for place in wanted.values()]
        found = read_batches(self._client, self._name, keys_of)
        return {wanted[item[keys.PARTITION_KEY]["S"]]: _window(item) for item in found}

    def open(self, place: Place, window: Window, seen: Window | None) -> bool:
        """Open a window in place of the last one, if that is still as ``seen``; return whether it was.

        The condition includes the count, so that no repeat is counted in a window that nobody reads.
        """
        condition, values = "attribute_not_exists(pk)", {}
        if seen is not None:
            condition = f"{_AS_SEEN} AND repeats = :repeats"
            values = {**_seen(seen), ":repeats": {"N": str(seen.repeats)}}
        named = {"ExpressionAttributeNames": {"#until": "until"}, "ExpressionAttributeValues": values}
        done = conditionally(
            self._client,
            "PutItem",
            TableName=self._name,
            Item=self._item(place, window),
            ConditionExpression=condition,
            **(named if values else {}),
        )
        return done is not None

    def count(self, place: Place, seen: Window, repeats: int) -> int | None:
        """Count repeats; return how many the window has now, None if another window was opened.

        If a response is lost, they may be counted twice; nothing that is sent depends on the count.
        """
        done = conditionally(
            self._client,
            "UpdateItem",
            TableName=self._name,
            Key=keys.repeat_window(*place),
            UpdateExpression="ADD repeats :more",
            ConditionExpression=_AS_SEEN,
            ExpressionAttributeNames={"#until": "until"},
            ExpressionAttributeValues={**_seen(seen), ":more": {"N": str(repeats)}},
            ReturnValues="UPDATED_NEW",
        )
        return None if done is None else int(done["Attributes"]["repeats"]["N"])

    def count_hour(self, rule_id: str, hour: str, repeats: int, now: datetime) -> int:
        """Count repeats of a rule in an hour; return how many there are."""
        with translated():
            done = self._client.call(
                "UpdateItem",
                TableName=self._name,
                Key=keys.repeat_hour(rule_id, hour),
                UpdateExpression="SET expires = :expires ADD repeats :more",
                ExpressionAttributeValues={
                    ":more": {"N": str(repeats)},
                    ":expires": self._expires(now),
                },
                ReturnValues="UPDATED_NEW",
            )
        return int(done["Attributes"]["repeats"]["N"])

    def _item(self, place: Place, window: Window) -> Item:
        return {
            **keys.repeat_window(*place),
            "event_id": {"S": window.event_id},
            "until": {"S": timestamp(window.until)},
            "repeats": {"N": str(window.repeats)},
            "before": {"N": str(window.before)},
            "expires": self._expires(window.until),
        }

    def _expires(self, after: datetime) -> Any:
        return {"N": str(int((after + self._keep).timestamp()))}


def _seen(seen: Window) -> dict[str, Any]:
    return {":seen": {"S": seen.event_id}, ":seen_until": {"S": timestamp(seen.until)}}


def _window(item: Item) -> Window:
    return Window(
        item["event_id"]["S"],
        datetime.fromisoformat(item["until"]["S"]),
        int(item["repeats"]["N"]),
        int(item["before"]["N"]),
    )
