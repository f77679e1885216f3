"""Map records to DynamoDB's items and back, by hand because a busy dispatcher maps thousands a second."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from notifications.core.event_records import EventRecord, needs_attention
from notifications.core.model import timestamp
from notifications.core.records import Attempt, DeliveryRecord
from notifications.store import delivery_content, documents, keys
from notifications.store.items import Item

ORDINARY = frozenset({"delivered", "dispatched", "unmatched", "collected"})
"""The statuses that the index by status leaves out, because most records have them."""

DIGEST_BYTES = 6
"""How much of a digest distinguishes deliveries of one microsecond; an id would be 65 bytes longer."""

_RARE = ("mute_id", "digest_id", "group", "paced")
"""The attributes of deliveries that few have."""

Record = EventRecord | DeliveryRecord


def claim_item(record: EventRecord, expires: int) -> Item:
    """Write the claim of an event that has no item yet: small, and in no index."""
    item = {
        **keys.event(record.id),
        "rule_type": {"S": record.rule_type},
        "moment": _moment_of(record.created_at, record.id),
        "expires": {"N": str(expires)},
        **claim_attributes(record, 1),
    }
    if record.digest is not None:
        item["body_digest"] = {"S": record.digest}
    return item


def claim_attributes(record: EventRecord, shards: int) -> Item:
    """Write the attributes of an event's item that a claim changes."""
    shard = keys.shard(record.id, shards)
    item = {
        "status": {"S": record.status},
        "updated_at": {"S": record.updated_at},
        "claims": {"N": str(record.claims)},
    }
    if record.reason is not None:
        item["reason"] = {"S": record.reason}
    if record.lease is not None:
        item["lease"] = {"S": timestamp(record.lease)}
    if record.unrecorded:
        item["unrecorded"] = {"S": ",".join(record.unrecorded)}
    if needs_attention(record):
        item["status_key"] = {"S": keys.index_key(shard, keys.EVENT, record.status)}
    if record.look_at is not None:
        item |= _due(keys.index_key(shard, "DUE"), record.look_at)
    return item


def event_item(record: EventRecord, expires: int, shards: int) -> Item:
    """Write an event's record."""
    item = {
        **keys.event(record.id),
        "time_key": {"S": keys.index_key(keys.shard(record.id, shards), keys.EVENT)},
        "moment": _moment_of(record.created_at, record.id),
        "rule_type": {"S": record.rule_type},
        "expires": {"N": str(expires)},
        **documents.attributes(record.document or ""),
        **claim_attributes(record, shards),
    }
    for name in ("timestamp", "planned_at"):
        if (value := getattr(record, name)) is not None:
            item[name] = {"S": value}
    return item


def event_from(item: Item) -> EventRecord:
    """Read an event's record; a claim, and an entry of an index, has no document."""
    return EventRecord(
        id=item[keys.PARTITION_KEY]["S"].removeprefix(keys.EVENT_PREFIX),
        rule_type=item["rule_type"]["S"],
        status=item["status"]["S"],
        reason=_text(item, "reason"),
        document=documents.read(item),
        timestamp=_text(item, "timestamp"),
        created_at=created_at(item),
        updated_at=item["updated_at"]["S"],
        claims=_number(item, "claims"),
        lease=_time(item, "lease"),
        look_at=_time(item, "due_at"),
        unrecorded=tuple(filter(None, (_text(item, "unrecorded") or "").split(","))),
        listed="time_key" in item,
        digest=_text(item, "body_digest"),
        planned_at=_text(item, "planned_at"),
    )


def delivery_text(record: DeliveryRecord, expires: int, shards: int) -> str:
    """Write a delivery's record without lease and claims, because writing it ends its sender's claim.

    It is the JSON of an item, written directly because most calls write deliveries: besides the content 5.5
    µs rather than 4 for an item and 7 for its JSON.
    """
    shard = keys.shard(record.event_id, shards)
    key = keys.delivery(record.event_id, record.rule_id)
    moment = _moment_of(record.created_at, _distinction(record.id))
    more = delivery_content.attributes(record) | _sometimes(record, shard, moment)
    return (
        f'{{"{keys.PARTITION_KEY}":{{"S":{_quoted(key[keys.PARTITION_KEY]["S"])}}}'
        f',"{keys.SORT_KEY}":{{"S":{_quoted(key[keys.SORT_KEY]["S"])}}}'
        f',"status":{{"S":{_quoted(record.status)}}}'
        f',"moment":{{"S":{_quoted(moment["S"])}}}'
        f',"channel_key":{{"S":{_quoted(keys.index_key(shard, record.channel_id))}}}'
        f',"rule_type":{{"S":{_quoted(record.rule_type)}}}'
        f',"updated_at":{{"S":{_quoted(record.updated_at)}}}'
        f',"attempt_count":{{"N":"{record.attempt_count}"}}'
        f',"revision":{{"N":"{record.revision}"}}'
        f',"expires":{{"N":"{expires}"}}'
        f"{''.join([_attribute_text(name, attribute) for name, attribute in more.items()])}}}"
    )


def _attribute_text(name: str, attribute: Mapping[str, Any]) -> str:
    ((kind, value),) = attribute.items()
    if kind == "B":  # base64, with nothing to quote in it
        return f',"{name}":{{"B":"{value}"}}'
    return f',"{name}":{{"{kind}":{"true" if value is True else _quoted(value)}}}'


def _sometimes(record: DeliveryRecord, shard: int, moment: Any) -> Item:
    """Write the attributes that not every delivery has."""
    item: Item = {}
    if record.status not in ORDINARY:
        item["status_key"] = {"S": keys.index_key(shard, keys.DELIVERY, record.status)}
    if record.reason is not None:
        item["reason"] = {"S": record.reason}
    if record.error_class is not None:
        item["error_class"] = {"S": record.error_class}
    if record.next_attempt_at is not None:
        item["next_attempt_at"] = {"S": timestamp(record.next_attempt_at)}
    if record.tries:
        item["tries"] = {"N": str(record.tries)}
    if record.manual:
        item["manual"] = {"BOOL": True}
    # Check all four at once, because most records have none of them.
    if record.mute_id or record.digest_id or record.group or record.paced:
        item |= {name: {"S": text} for name in _RARE if (text := getattr(record, name))}
    return item | _due_of(record, shard, moment)


def _due_of(record: DeliveryRecord, shard: int, moment: Any) -> Item:
    """Write a delivery's place in the due index, and its time there; nothing if it has none."""
    if record.mute_id is not None:
        # The mute finds it, skipped or held. Each has a position of its own, so that a page can begin there.
        return {"due_key": {"S": keys.held_key(shard, record.mute_id)}, "due_at": moment}
    if record.status == "held":
        # Sort by the time at which it was held, so that a probe that failed comes after the others.
        held_at = datetime.fromisoformat(record.updated_at)
        return _due(keys.held_key(shard, record.channel_id), held_at)
    return {} if record.look_at is None else _due(keys.index_key(shard, "DUE"), record.look_at)


def delivery_from(item: Item) -> DeliveryRecord:
    """Read a delivery's record; an entry of an index has no message and no attempts."""
    content = delivery_content.read(item)
    return DeliveryRecord(
        event_id=item[keys.PARTITION_KEY]["S"].removeprefix(keys.EVENT_PREFIX),
        rule_id=item[keys.SORT_KEY]["S"].removeprefix(keys.DELIVERY_PREFIX),
        channel_id=item["channel_key"]["S"].rpartition("#")[0],
        rule_type=item["rule_type"]["S"],
        status=item["status"]["S"],
        reason=_text(item, "reason"),
        created_at=created_at(item),
        updated_at=item["updated_at"]["S"],
        error_class=_text(item, "error_class"),
        message=content.get("message"),
        subject=content.get("subject"),
        html=content.get("html"),
        attempts=tuple(Attempt(**attempt) for attempt in content.get("attempts", ())),
        attempt_count=_number(item, "attempt_count"),
        tries=_number(item, "tries"),
        revision=_number(item, "revision"),
        next_attempt_at=_time(item, "next_attempt_at"),
        look_at=None if "mute_id" in item else _time(item, "due_at"),
        manual="manual" in item,
        lease=_time(item, "lease"),
        settled=tuple(content.get("settled", ())),
        claims=_number(item, "claims"),
        recipients=content.get("recipients"),
        mute_id=_text(item, "mute_id"),
        digest_id=_text(item, "digest_id"),
        group=_text(item, "group"),
        paced=_text(item, "paced"),
    )


def _distinction(record_id: str) -> str:
    return urlsafe_b64encode(sha256(record_id.encode()).digest()[:DIGEST_BYTES]).decode()


def _moment_of(created_at: str, distinction: str) -> Any:
    """Make the sort key of the indexes. ``distinction``: distinguishes records of the same time."""
    return {"S": f"{created_at}#{distinction}"}


def _due(key: str, at: datetime) -> Item:
    return {"due_key": {"S": key}, "due_at": {"S": timestamp(at)}}


def created_at(item: Item) -> str:
    """Return when a record was created, a timestamp."""
    return str(item["moment"]["S"].partition("#")[0])


def _text(item: Item, name: str) -> str | None:
    value: Any = item.get(name)
    return None if value is None else str(value["S"])


def _number(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _time(item: Item, name: str) -> datetime | None:
    text = _text(item, name)
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
