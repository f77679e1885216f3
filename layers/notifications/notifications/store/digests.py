"""Digests in the deliveries table: which digest of a group is open, and which events are in a digest.

Only the base table decides, because an index lags, and an event that joins late would be lost. An event joins
by one transaction, which writes its delivery on condition that there is none, and the digest's count on
condition that the digest is still open. So no event is in two digests, and none joins a closed one.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from notifications.awsapi.errors import Refused
from notifications.core.event_records import EventRecord
from notifications.core.model import timestamp
from notifications.core.records import LOOK_AFTER, DeliveryRecord
from notifications.core.values import value
from notifications.core.windows.digests import Member, OpenDigest
from notifications.core.windows.grouping import Place
from notifications.store import documents, keys
from notifications.store.dynamodb import TRANSACTION_CANCELED, read_batches, translated
from notifications.store.items import Item
from notifications.store.record_table import RecordTable

JOINED_TOGETHER = 25
"""How many events join in one transaction, which can have at most 100 writes and 4 MB."""

KEPT_CHARS = 64 * 1024
"""How large a compressed document may be to be stored with a digest; a larger one is read from its event's
record."""

_FAILED = "ConditionalCheckFailed"
_PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_NEW = "attribute_not_exists(pk)"


@value
class Joining:
    """An event that is to join a digest, with its delivery and its document, see ``Member``."""

    delivery: DeliveryRecord
    document: str | None
    repeats: int = 0


@value
class Conflict:
    """Why no event joined.

    ``there``: the ids of events that already have a delivery; if there are none, the digest has changed.
    """

    there: frozenset[str] = frozenset()


class DigestStore(RecordTable):
    """Open, join, close and read digests."""

    def open_ones(self, places: Collection[Place]) -> dict[Place, OpenDigest]:
        """Read the open digests of groups; groups without one are left out."""
        wanted = {keys.open_digest(*place)[keys.PARTITION_KEY]["S"]: place for place in places}
        keys_of = [keys.open_digest(*place) for place in wanted.values()]
        found = read_batches(self._client, self._name, keys_of)
        return {wanted[item[keys.PARTITION_KEY]["S"]]: _open_digest(item) for item in found}

    def open(
        self,
        place: Place,
        new: OpenDigest,
        made: tuple[EventRecord, DeliveryRecord],
        joining: Sequence[Joining],
        *,
        full: bool,
    ) -> Conflict | None:
        """Open a digest with its first events, if the group has none; return the conflict if it has one.

        ``made``: its pseudo-event and its delivery. ``full``: whether it can have no more events, so that it
        is closed from the start.
        """
        event, delivery = made
        writes = [self._put({**self.item(event)}), self._put(self._delivery(delivery))]
        if not full:
            counted = OpenDigest(new.id, new.closes_at, len(joining))
            writes.insert(0, self._put(self._open_item(place, counted)))
        return self._transact(writes, new.id, joining)

    def join(
        self, place: Place, seen: OpenDigest, joining: Sequence[Joining], due: datetime | None = None
    ) -> Conflict | None:
        """Add events to a digest that is still as ``seen``; return why they did not join, None if they did.

        ``due``: when the digest's delivery is due, if the digest is then full and closes.
        """
        named = {"ExpressionAttributeNames": {"#count": "count"}}
        condition = {
            "Key": keys.open_digest(*place),
            "ConditionExpression": "digest_id = :id AND #count = :count",
            **named,
        }
        values = {":id": {"S": seen.id}, ":count": {"N": str(seen.count)}}
        if due is not None:
            closing = self._named("Delete", {**condition, "ExpressionAttributeValues": values})
            advancing = self._named("Update", _advanced(seen.id, place[0], due))
            conflict = self._transact([closing, advancing], seen.id, joining)
            if conflict is None or conflict.there:
                return conflict
            # An operator may have sent it by hand already. Then it need not become due, and is closed below.
            return self._transact([closing], seen.id, joining)
        values[":more"] = {"N": str(len(joining))}
        update = {"UpdateExpression": "ADD #count :more", "ExpressionAttributeValues": values}
        return self._transact([self._named("Update", {**condition, **update})], seen.id, joining)

    def close(self, place: Place, digest_id: str) -> None:
        """Close a digest, so that no event can join it; do nothing if it is closed."""
        self.conditionally(
            "DeleteItem",
            {
                "Key": keys.open_digest(*place),
                "ConditionExpression": "digest_id = :id",
                "ExpressionAttributeValues": {":id": {"S": digest_id}},
            },
        )

    def members(self, digest_id: str) -> Iterator[Member]:
        """Read the events of a digest, in the order of their ids."""
        prefix = keys.digest_member(digest_id, "")
        found = self.query(
            {
                "KeyConditionExpression": "pk = :digest AND begins_with(sk, :members)",
                "ExpressionAttributeValues": {
                    ":digest": prefix[keys.PARTITION_KEY],
                    ":members": prefix[keys.SORT_KEY],
                },
                "ConsistentRead": True,
            }
        )
        for item in found:
            event_id = item[keys.SORT_KEY]["S"].removeprefix(keys.MEMBER_PREFIX)
            repeats = int(item["repeats"]["N"]) if "repeats" in item else 0
            yield Member(event_id, documents.read(item) or None, repeats)

    def _transact(self, writes: Sequence[Any], digest_id: str, joining: Sequence[Joining]) -> Conflict | None:
        """Write all or nothing; return why nothing was written, None if it was."""
        deliveries = [self._put(self._delivery(each.delivery)) for each in joining]
        members = [self._named("Put", {"Item": self._member(digest_id, each)}) for each in joining]
        try:
            with translated():
                self._client.call("TransactWriteItems", TransactItems=[*deliveries, *members, *writes])
        except Refused as error:
            if error.code != TRANSACTION_CANCELED:
                raise
            codes = [reason.get("Code") for reason in error.document["CancellationReasons"]]
            if _FAILED not in codes and not _PASSING & {*codes}:
                raise
            there = {
                each.delivery.event_id for each, code in zip(joining, codes, strict=False) if code == _FAILED
            }
            return Conflict(frozenset(there))
        return None

    def _delivery(self, record: DeliveryRecord) -> Item:
        item: Item = json.loads(self.text(record))
        return item

    def _put(self, item: Item) -> dict[str, Any]:
        return self._named("Put", {"Item": item, "ConditionExpression": _NEW})

    def _named(self, kind: str, parameters: dict[str, Any]) -> dict[str, Any]:
        return {kind: {"TableName": self._name, **parameters}}

    def _open_item(self, place: Place, new: OpenDigest) -> Item:
        return {
            **keys.open_digest(*place),
            "digest_id": {"S": new.id},
            "closes_at": {"S": timestamp(new.closes_at)},
            "count": {"N": str(new.count)},
            "expires": {"N": str(self.expires)},
        }

    def _member(self, digest_id: str, joining: Joining) -> Item:
        item = {
            **keys.digest_member(digest_id, joining.delivery.event_id),
            "expires": {"N": str(self.expires)},
        }
        if joining.repeats:
            item["repeats"] = {"N": str(joining.repeats)}
        kept = documents.attributes(joining.document or "")
        size = sum(len(text) for typed in kept.values() for text in typed.values())
        return item if documents.is_parted(kept) or size > KEPT_CHARS else item | kept


def _advanced(digest_id: str, rule_id: str, due: datetime) -> dict[str, Any]:
    """Make a digest's delivery due at ``due``, unless it was claimed or changed."""
    return {
        "Key": keys.delivery(digest_id, rule_id),
        "UpdateExpression": "SET revision = revision + :one, next_attempt_at = :due, due_at = :look",
        "ConditionExpression": "revision = :one AND #status = :pending",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {
            ":one": {"N": "1"},
            ":due": {"S": timestamp(due)},
            ":look": {"S": timestamp(due + LOOK_AFTER)},
            ":pending": {"S": "pending"},
        },
    }


def _open_digest(item: Item) -> OpenDigest:
    closes_at = datetime.fromisoformat(item["closes_at"]["S"])
    return OpenDigest(item["digest_id"]["S"], closes_at, int(item["count"]["N"]))
