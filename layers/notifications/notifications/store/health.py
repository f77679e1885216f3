"""The health of channels that are not well, in the deliveries table."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from notifications.awsapi.client import Client
from notifications.core.attempt_summary import AttemptSummary
from notifications.core.channel_health import Change, Health
from notifications.core.model import timestamp
from notifications.store import keys
from notifications.store.dynamodb import conditionally, query_all, read_batches, translated
from notifications.store.items import Item, attribute, plain

SOME = 100
"""How many unwell channels are read for a batch of events; if there are more, only the batch's own are read.
"""

_TIMES = frozenset({"failing_since", "suspended_at", "probe_at", "held_back_until"})
_NOT_HELD_BACK = "(attribute_not_exists(held_back_until) OR held_back_until <= :now)"


class HealthStore:
    """Read and change the health of channels. Every method raises ``Unavailable`` when DynamoDB fails."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    def all(self) -> dict[str, Health]:
        """Read the health of all channels that are not well, by id: usually none, in one call."""
        request = {
            "TableName": self._name,
            "KeyConditionExpression": "pk = :health",
            "ExpressionAttributeValues": {":health": {"S": keys.HEALTH}},
            "ConsistentRead": True,
        }
        return {health.channel_id: health for health in map(_from, query_all(self._client, request))}

    def some(self, *, consistent: bool) -> tuple[dict[str, Health], bool]:
        """Read ``SOME`` of the channels that are not well, by id; return also whether these are all.

        When all channels are well, this costs half a read unit; one if the read is strongly consistent.
        """
        with translated():
            response = self._client.call(
                "Query",
                TableName=self._name,
                KeyConditionExpression="pk = :health",
                ExpressionAttributeValues={":health": {"S": keys.HEALTH}},
                Limit=SOME,
                ConsistentRead=consistent,
            )
        found = {health.channel_id: health for health in map(_from, response["Items"])}
        return found, not response.get("LastEvaluatedKey")

    def of(self, channel_ids: Collection[str]) -> dict[str, Health]:
        """Read which of these channels are not well, by id."""
        items = read_batches(self._client, self._name, [*map(keys.health, channel_ids)])
        return {health.channel_id: health for health in map(_from, items)}

    def get(self, channel_id: str) -> Health | None:
        """Read a channel's health; None if it is well."""
        with translated():
            response = self._client.call(
                "GetItem", TableName=self._name, Key=keys.health(channel_id), ConsistentRead=True
            )
        return _from(response["Item"]) if "Item" in response else None

    def add_failures(self, channel_id: str, attempts: AttemptSummary, now: datetime) -> Health:
        """Add failed attempts of a channel atomically; return the health afterwards."""
        # ADD and if_not_exists, not a read and a write: twenty dispatchers may count at the same time, and
        # each must see the sum.
        with translated():
            response = self._client.call(
                "UpdateItem",
                TableName=self._name,
                Key=keys.health(channel_id),
                UpdateExpression="SET failing_since = if_not_exists(failing_since, :now), reason = :reason"
                " ADD failures :count, repeated :repeated, ordinary :ordinary",
                ExpressionAttributeValues={
                    ":now": {"S": timestamp(now)},
                    ":reason": {"S": attempts.reason},
                    ":count": {"N": str(attempts.failures)},
                    ":repeated": {"N": str(attempts.repeated)},
                    ":ordinary": {"N": str(attempts.ordinary)},
                },
                ReturnValues="ALL_NEW",
            )
        return _from(response["Attributes"])

    def apply(self, channel_id: str, change: Change) -> Health | None:
        """Write a change; return the health before it, None if its condition did not hold."""
        verb, request = "UpdateItem", self._update(channel_id, change.sets)
        if change.forgets:
            verb, request = "DeleteItem", {"TableName": self._name, "Key": keys.health(channel_id)}
        request["ReturnValues"] = "ALL_OLD"
        match change.only_if:
            case None:
                with translated():
                    return _before(channel_id, self._client.call(verb, **request))
            case "suspended":
                request["ConditionExpression"] = "attribute_exists(suspended_at)"
            case "over":
                request["ConditionExpression"] = f"attribute_not_exists(suspended_at) AND {_NOT_HELD_BACK}"
                given = request.setdefault("ExpressionAttributeValues", {})
                given[":now"] = {"S": timestamp(datetime.now(UTC))}
        response = conditionally(self._client, verb, **request)
        return None if response is None else _before(channel_id, response)

    def hold_back(self, channel_id: str, until: datetime) -> None:
        """Record until when a receiver wants no messages, unless a later time is recorded."""
        conditionally(
            self._client,
            "UpdateItem",
            TableName=self._name,
            Key=keys.health(channel_id),
            UpdateExpression="SET held_back_until = :until",
            ConditionExpression="attribute_not_exists(held_back_until) OR held_back_until < :until",
            ExpressionAttributeValues={":until": {"S": timestamp(until)}},
        )

    def _update(self, channel_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
        sets = [f"#{name} = :{name}" for name, value in values.items() if value is not None]
        removes = [f"#{name}" for name, value in values.items() if value is None]
        clauses = (("SET", sets), ("REMOVE", removes))
        given = {f":{name}": attribute(_kept(value)) for name, value in values.items() if value is not None}
        return {
            "TableName": self._name,
            "Key": keys.health(channel_id),
            "UpdateExpression": " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts),
            "ExpressionAttributeNames": {f"#{name}": name for name in values},
            **({"ExpressionAttributeValues": given} if given else {}),
        }


def _before(channel_id: str, response: Mapping[str, Any]) -> Health:
    return _from(response["Attributes"]) if response.get("Attributes") else Health(channel_id)


def _kept(value: Any) -> Any:
    return timestamp(value) if isinstance(value, datetime) else value


def _from(item: Mapping[str, Any] | Item) -> Health:
    known = {field.name for field in fields(Health)}
    values = plain({name: value for name, value in item.items() if name in known})
    values |= {name: datetime.fromisoformat(values[name]) for name in _TIMES if name in values}
    return Health(channel_id=item[keys.SORT_KEY]["S"], **values)
