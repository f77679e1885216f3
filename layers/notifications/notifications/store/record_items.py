"""Between the records and DynamoDB's items. Written by hand: a busy dispatcher makes thousands a second."""

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from notifications.core.event_records import EventRecord, needs_attention
from notifications.core.model import timestamp
from notifications.core.records import CUT_MARK, Attempt, DeliveryRecord
from notifications.store import compression, documents, keys
from notifications.store.items import Item

ORDINARY = frozenset({"delivered", "dispatched", "unmatched"})
"""What the index by status leaves out: most of it."""

MAX_ATTEMPTS_BYTES = 120_000
"""Of the 400 KB that an item has, the largest message takes 256. Control characters are longer in JSON."""

MAX_ATTEMPT_CHARS = 4_000
"""What is left of the headers' values, and of the response, of an attempt that is too large by itself."""

_ATTEMPT = tuple(field.name for field in fields(Attempt))
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Record = EventRecord | DeliveryRecord


def claim_item(record: EventRecord, expires: int) -> Item:
    """Write a claim of an event of which nothing is kept yet: small, and in no index."""
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
    """Write what a claim changes of an event's item."""
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
    if record.timestamp is not None:
        item["timestamp"] = {"S": record.timestamp}
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
        created_at=_created(item),
        updated_at=item["updated_at"]["S"],
        claims=_number(item, "claims"),
        lease=_time(item, "lease"),
        look_at=_time(item, "due_at"),
        unrecorded=tuple(filter(None, (_text(item, "unrecorded") or "").split(","))),
        listed="time_key" in item,
        digest=_text(item, "body_digest"),
    )


def delivery_item(record: DeliveryRecord, expires: int, shards: int) -> Item:
    """Write a delivery's record, with no lease and no claims: whoever took it gives it back by writing."""
    shard = keys.shard(record.event_id, shards)
    item = {
        **keys.delivery(record.event_id, record.rule_id),
        "status": {"S": record.status},
        "moment": _moment_of(record.created_at, record.id),
        "channel_key": {"S": keys.index_key(shard, record.channel_id)},
        "rule_type": {"S": record.rule_type},
        "updated_at": {"S": record.updated_at},
        "attempt_count": {"N": str(record.attempt_count)},
        "tries": {"N": str(record.tries)},
        "revision": {"N": str(record.revision)},
        "expires": {"N": str(expires)},
        **_content(record),
    }
    if record.status not in ORDINARY:
        item["status_key"] = {"S": keys.index_key(shard, keys.DELIVERY, record.status)}
    for name in ("reason", "error_class"):
        if (value := getattr(record, name)) is not None:
            item[name] = {"S": value}
    if record.next_attempt_at is not None:
        item["next_attempt_at"] = {"S": timestamp(record.next_attempt_at)}
    if record.manual:
        item["manual"] = {"BOOL": True}
    if record.status == "held":
        # By the time at which it was held, so that a probe that failed stands behind the others.
        held_at = datetime.fromisoformat(record.updated_at)
        item |= _due(keys.held_key(shard, record.channel_id), held_at)
    elif record.look_at is not None:
        item |= _due(keys.index_key(shard, "DUE"), record.look_at)
    return item


def delivery_from(item: Item) -> DeliveryRecord:
    """Read a delivery's record; an entry of an index has no message and no attempts."""
    content = _content_of(item)
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
        message=content.get("message"),
        subject=content.get("subject"),
        attempts=tuple(Attempt(**attempt) for attempt in content.get("attempts", ())),
        attempt_count=_number(item, "attempt_count"),
        tries=_number(item, "tries"),
        revision=_number(item, "revision"),
        next_attempt_at=_time(item, "next_attempt_at"),
        look_at=_time(item, "due_at"),
        manual="manual" in item,
        lease=_time(item, "lease"),
        settled=tuple(content.get("settled", ())),
        claims=_number(item, "claims"),
        recipients=content.get("recipients"),
    )


def _content(record: DeliveryRecord) -> Item:
    """Write what no list shows of a delivery: what is sent, and the attempts."""
    parts = []
    if record.message is not None:
        parts.append(f'"message":{_encode(record.message)}')
    if record.subject is not None:
        parts.append(f'"subject":{_encode(record.subject)}')
    if record.recipients:
        parts.append(f'"recipients":{_encode(record.recipients)}')
    if record.settled:
        parts.append(f'"settled":{_encode(record.settled)}')
    if record.attempts:
        parts.append(f'"attempts":{_attempts_text(record.attempts)}')
    return compression.attributes("content", f"{{{','.join(parts)}}}") if parts else {}


def _content_of(item: Item) -> dict[str, Any]:
    text = compression.text_of("content", item)
    if text is not None:
        content: dict[str, Any] = json.loads(text)
        return content
    return _former_content(item)


def _former_content(item: Item) -> dict[str, Any]:
    """Read what records kept in attributes of their own before they were deflated."""
    content: dict[str, Any] = {name: item[name]["S"] for name in ("message", "subject") if name in item}
    for name in ("attempts", "recipients", "settled"):
        if name in item:
            content[name] = json.loads(item[name]["S"])
    for attempt in content.get("attempts", ()):
        for name in ("answer", "answer_cut"):
            attempt[name.replace("answer", "response")] = attempt.pop(name)
    return content


def _moment_of(created_at: str, record_id: str) -> Any:
    return {"S": f"{created_at}#{record_id}"}


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
