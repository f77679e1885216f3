"""Leases of sets, which keep two clients from applying one set at the same time."""

from datetime import datetime, timedelta
from typing import Any

from notifications.awsapi.client import Client
from notifications.core.errors import ConfigurationLocked, Unavailable
from notifications.core.model import timestamp
from notifications.core.revisions import Author
from notifications.store import items, keys
from notifications.store.dynamodb import conditionally, translated

LEASE_SECONDS = 60
"""How long a lease lasts if it is not renewed: longer than a request, so that no writer outlives it."""

KEPT_SECONDS = 86_400
"""After how long the item of a lease that was not freed expires."""

TRIES = 4
"""How often a lease that others free at the same time is tried."""


class LeaseStore:
    """Take and free leases in the config table."""

    def __init__(self, client: Client, table: str) -> None:
        self._client = client
        self._table = table

    def take(self, name: str, holder: str, by: Author, now: datetime) -> bool:
        """Take or renew the lease of a set; return whether this holder had it already.

        ``holder``: a text that the client repeats in each request.

        Raises:
            ConfigurationLocked: another holder has it; the error says who, and since when.
            Unavailable: others take and free it too often.
        """
        values = {
            "holder": holder,
            "until": timestamp(now + timedelta(seconds=LEASE_SECONDS)),
            "expires": int(now.timestamp()) + KEPT_SECONDS,
        }
        own = {"since": timestamp(now), "by_access_key": by.access_key, "by_user_id": by.user_id}
        own["by_name"] = by.name or ""
        for _ in range(TRIES):
            if self._set(name, values, "holder = :holder AND until >= :now", now):
                return True
            if self._set(name, values | own, "attribute_not_exists(pk) OR until < :now", now):
                return False
            self._refuse(name)
        raise Unavailable(f"Others keep applying the set {name} at this moment; try again")

    def free(self, name: str, holder: str) -> None:
        """End a lease, if it is this holder's."""
        values = items.attributes({":holder": holder})
        self._conditionally(
            "DeleteItem", name, ConditionExpression="holder = :holder", ExpressionAttributeValues=values
        )

    def _set(self, name: str, values: dict[str, Any], condition: str, now: datetime) -> bool:
        named = {f":{attribute}": value for attribute, value in values.items()} | {":now": timestamp(now)}
        return self._conditionally(
            "UpdateItem",
            name,
            UpdateExpression="SET " + ", ".join(f"#{attribute} = :{attribute}" for attribute in values),
            ConditionExpression=condition.replace("holder =", "#holder =").replace("until", "#until"),
            ExpressionAttributeNames={f"#{attribute}": attribute for attribute in values},
            ExpressionAttributeValues=items.attributes(named),
        )

    def _conditionally(self, operation: str, name: str, **parameters: Any) -> bool:
        answer = conditionally(
            self._client, operation, TableName=self._table, Key=keys.lease(name), **parameters
        )
        return answer is not None

    def _refuse(self, name: str) -> None:
        with translated():
            answer = self._client.call(
                "GetItem", TableName=self._table, Key=keys.lease(name), ConsistentRead=True
            )
        if "Item" not in answer:  # it was freed just now
            return
        lease = items.plain(answer["Item"])
        who = lease["by_name"] or lease["by_access_key"]
        names = ("access_key", "user_id", "name")
        raise ConfigurationLocked(
            f"{who} has been applying the set {name} since {lease['since']}",
            {
                "by": {each: lease[f"by_{each}"] or None for each in names},
                "since": lease["since"],
                "until": lease["until"],
            },
        )
