"""Between the records and DynamoDB's items. Written by hand: a busy dispatcher makes thousands a second."""

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from notifications.core.event_records import EventRecord
from notifications.core.model import timestamp
from notifications.core.records import CUT_MARK, Attempt, DeliveryRecord
from notifications.store import documents, keys
from notifications.store.items import Item

ORDINARY = frozenset({"delivered", "dispatching", "dispatched"})
"""What the index by status leaves out: most of it, and what is only for a moment."""

MAX_ATTEMPTS_BYTES = 120_000
"""Of the 400 KB that an item has, the largest message takes 256. Control characters are longer in JSON."""

MAX_ATTEMPT_CHARS = 4_000
"""What is left of the headers' values, and of the response, of an attempt that is too large by itself."""

_ATTEMPT = tuple(field.name for field in fields(Attempt))
_encode = json.JSONEncoder(ensure_ascii=False).encode

Record = EventRecord | DeliveryRecord


def event_item(record: EventRecord, expires: int) -> Item:
    """Write an event's record."""
    shard = keys.shard(record.id)
    item = {
        **keys.event(record.id),
        **_indexed(keys.EVENT, shard, record.status, record.created_at, record.id),
        "rule_type": {"S": record.rule_type},
        **documents.attributes(record.document),
        "updated_at": {"S": record.updated_at},
        "claims": {"N": str(record.claims)},
        "expires": {"N": str(expires)},
    }
    if record.reason is not None:
        item["reason"] = {"S": record.reason}
    if record.timestamp is not None:
        item["timestamp"] = {"S": record.timestamp}
    if record.lease is not None:
        item["lease"] = {"S": timestamp(record.lease)}
    if record.look_at is not None:
        item |= _due(keys.index_key(shard, "DUE"), record.look_at)
    if record.unrecorded:
        item["unrecorded"] = {"S": ",".join(record.unrecorded)}
    return item


def event_from(item: Item) -> EventRecord:
    """Read an event's record; of an index, and if it is in parts, it has no document."""
    return EventRecord(
        id=item[keys.PARTITION_KEY]["S"].removeprefix(keys.EVENT_PREFIX),
        rule_type=item["rule_type"]["S"],
        status=item["status"]["S"],
        reason=_text(item, "reason"),
        document=documents.read(item),
        timestamp=_text(item, "timestamp"),
        created_at=_created(item),
        updated_at=item["updated_at"]["S"],
        claims=_number(item, "claims"),
        lease=_time(item, "lease"),
        look_at=_time(item, "due_at"),
        unrecorded=tuple(filter(None, (_text(item, "unrecorded") or "").split(","))),
    )


def delivery_item(record: DeliveryRecord, expires: int) -> Item:
    """Write a delivery's record, with no lease and no claims: whoever took it gives it back by writing."""
    shard = keys.shard(record.event_id)
    item = {
        **keys.delivery(record.event_id, record.rule_id),
        **_indexed(keys.DELIVERY, shard, record.status, record.created_at, record.id),
        "channel_key": {"S": keys.index_key(shard, record.channel_id)},
        "rule_key": {"S": keys.index_key(shard, record.rule_id)},
        "rule_type": {"S": record.rule_type},
        "updated_at": {"S": record.updated_at},
        "attempt_count": {"N": str(record.attempt_count)},
        "tries": {"N": str(record.tries)},
        "revision": {"N": str(record.revision)},
        "expires": {"N": str(expires)},
    }
    for name in ("reason", "error_class", "message", "subject"):
        if (value := getattr(record, name)) is not None:
            item[name] = {"S": value}
    if record.attempts:
        item["attempts"] = {"S": _attempts_text(record.attempts)}
    if record.next_attempt_at is not None:
        item["next_attempt_at"] = {"S": timestamp(record.next_attempt_at)}
    if record.recipients:
        item["recipients"] = {"S": _encode(record.recipients)}
    if record.settled:
        item["settled"] = {"S": _encode(record.settled)}
    if record.manual:
        item["manual"] = {"BOOL": True}
    if record.status == "held":
        # By the time at which it was held, so that a probe that failed stands behind the others.
        item |= _due(keys.held_key(record.channel_id), datetime.fromisoformat(record.updated_at))
    elif record.look_at is not None:
        item |= _due(keys.index_key(shard, "DUE"), record.look_at)
    return item


def delivery_from(item: Item) -> DeliveryRecord:
    """Read a delivery's record; of an index it has no message and no attempts."""
    return DeliveryRecord(
        event_id=item[keys.PARTITION_KEY]["S"].removeprefix(keys.EVENT_PREFIX),
        rule_id=item[keys.SORT_KEY]["S"].removeprefix(keys.DELIVERY_PREFIX),
        channel_id=item["channel_key"]["S"].rpartition("#")[0],
        rule_type=item["rule_type"]["S"],
        status=item["status"]["S"],
        reason=_text(item, "reason"),
        created_at=_created(item),
        updated_at=item["updated_at"]["S"],
        error_class=_text(item, "error_class"),
        message=_text(item, "message"),
        subject=_text(item, "subject"),
        attempts=tuple(Attempt(**attempt) for attempt in json.loads(_text(item, "attempts") or "[]")),
        attempt_count=_number(item, "attempt_count"),
        tries=_number(item, "tries"),
        revision=_number(item, "revision"),
        next_attempt_at=_time(item, "next_attempt_at"),
        look_at=_time(item, "due_at"),
        manual="manual" in item,
        lease=_time(item, "lease"),
        settled=tuple(json.loads(_text(item, "settled") or "[]")),
        claims=_number(item, "claims"),
        recipients=json.loads(_text(item, "recipients") or "null"),
    )


def _indexed(kind: str, shard: int, status: str, created_at: str, record_id: str) -> Item:
    item = {
        "status": {"S": status},
        "time_key": {"S": keys.index_key(shard, kind)},
        "moment": {"S": f"{created_at}#{record_id}"},
    }
    if status not in ORDINARY:
        item["status_key"] = {"S": keys.index_key(shard, kind, status)}
    return item


def _due(key: str, at: datetime) -> Item:
    return {"due_key": {"S": key}, "due_at": {"S": timestamp(at)}}


def _attempts_text(attempts: Sequence[Attempt]) -> str:
    """Write attempts as JSON, without the oldest if all of them are too large. The last is always kept."""
    texts = [_attempt_text(attempt) for attempt in attempts[:-1]]
    texts.append(_attempt_text(_cut(attempts[-1])))
    sizes = [len(text.encode()) for text in texts]
    while sum(sizes) > MAX_ATTEMPTS_BYTES and len(texts) > 1:
        del texts[0], sizes[0]
    return f"[{','.join(texts)}]"


def _attempt_text(attempt: Attempt) -> str:
    return _encode({name: getattr(attempt, name) for name in _ATTEMPT})


def _cut(attempt: Attempt) -> Attempt:
    """Shorten what was sent and answered until the attempt has room by itself."""
    if len(_attempt_text(attempt).encode()) <= MAX_ATTEMPTS_BYTES:
        return attempt
    headers: dict[str, str] = {}
    left = MAX_ATTEMPT_CHARS
    for name, value in attempt.headers.items():
        headers[name] = value if len(value) <= left else f"{value[: max(left, 0)]}{CUT_MARK}"
        left -= len(value)
    response = attempt.response and attempt.response[:MAX_ATTEMPT_CHARS]
    is_cut = attempt.response_cut or response != attempt.response
    return replace(
        attempt,
        headers=headers,
        url=attempt.url[:MAX_ATTEMPT_CHARS],
        response=response if response == attempt.response else f"{response}{CUT_MARK}",
        response_cut=is_cut,
    )


def _created(item: Item) -> str:
    return str(item["moment"]["S"].partition("#")[0])


def _text(item: Item, name: str) -> str | None:
    value: Any = item.get(name)
    return None if value is None else str(value["S"])


def _number(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _time(item: Item, name: str) -> datetime | None:
    text = _text(item, name)
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
