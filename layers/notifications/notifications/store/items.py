"""Map the model to DynamoDB items and back.

Specs and schemas are stored as JSON text, so that they come back exactly as they were, floats included.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, field
from typing import Any, Generic, TypeVar

from notifications.core.kinds import KINDS
from notifications.core.managing import Managed
from notifications.core.model import (
    Channel,
    Digest,
    EventType,
    MessageParts,
    OncePer,
    Retry,
    Rule,
    Spec,
)
from notifications.core.search import Summary
from notifications.core.values import value
from notifications.store import keys

T = TypeVar("T")
Item = dict[str, Any]


def attribute(value: str | bytes | bool | int | dict[str, Any]) -> dict[str, Any]:  # noqa: FBT001 - any type of value
    """Write a value as a DynamoDB attribute."""
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": b64encode(value).decode()}
        case str():
            return {"S": value}
        case dict():
            return {"M": attributes(value)}


def attributes(values: Mapping[str, Any]) -> Item:
    """Write plain values as DynamoDB attributes, leaving out None."""
    return {name: attribute(value) for name, value in values.items() if value is not None}


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """Read DynamoDB attributes as plain values."""
    return {name: _value(attribute) for name, attribute in item.items()}


def _value(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return int(value)
        case "B":
            return b64decode(value)
        case "M":
            return plain(value)
        case _:
            return value


def spec_text(spec: Spec) -> str:
    """Write a spec as its stored text."""
    return json.dumps(asdict(spec), ensure_ascii=False)


def _spec_of(values: Mapping[str, Any]) -> Spec:
    spec: Spec = KINDS[values["channel_type"]].read_spec(json.loads(values["spec"]))
    return spec


def retry_text(retry: Retry) -> str:
    """Write a retry schedule as its stored text."""
    return json.dumps(retry)


def _retry_of(values: Mapping[str, Any]) -> Retry:
    value = json.loads(values["retry"])
    return tuple(value) if isinstance(value, list) else value


def schema_text(schema: Mapping[str, Any]) -> str:
    """Write a schema as its stored text."""
    return json.dumps(schema, ensure_ascii=False)


def condition_text(condition: Mapping[str, Any]) -> str:
    """Write a condition as its stored text: in ASCII, because it may have half of a surrogate pair."""
    return json.dumps(condition)


def _condition_of(values: Mapping[str, Any]) -> Mapping[str, Any] | None:
    text = values.get("condition")
    return None if text is None else json.loads(text)


def part_text(part: MessageParts | OncePer | Digest) -> str:
    """Write a part of a rule as its stored text, without members that are not set."""
    return json.dumps({name: value for name, value in asdict(part).items() if value is not None})


def _part(values: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    text = values.get(name)
    return None if text is None else json.loads(text)


def _message_of(values: Mapping[str, Any]) -> MessageParts | None:
    part = _part(values, "message")
    return None if part is None else MessageParts(**part)


def _once_per_of(values: Mapping[str, Any]) -> OncePer | None:
    part = _part(values, "once_per")
    return None if part is None else OncePer(**{**part, "by": tuple(part["by"])})


def _digest_of(values: Mapping[str, Any]) -> Digest | None:
    part = _part(values, "digest")
    return None if part is None else Digest(**{**part, "by": tuple(part["by"])})


def managed_of(values: Mapping[str, Any]) -> Managed | None:
    """Read the set that an object belongs to."""
    return Managed(**values["managed"]) if "managed" in values else None


_AS_STORED: Mapping[str, Callable[[Any], str | dict[str, Any]]] = {
    "spec": spec_text,
    "retry": retry_text,
    "json_schema": schema_text,
    "condition": condition_text,
    "message": part_text,
    "once_per": part_text,
    "digest": part_text,
    "managed": asdict,
}
_READ: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "spec": _spec_of,
    "retry": _retry_of,
    "json_schema": lambda values: json.loads(values["json_schema"]),
    "description": lambda values: values.get("description"),
    "condition": _condition_of,
    "observe": lambda values: values.get("observe", False),
    "message": _message_of,
    "once_per": _once_per_of,
    "digest": _digest_of,
    "rate": lambda values: values.get("rate"),
    "timezone": lambda values: values.get("timezone"),
    "managed": managed_of,
}


@value
class _Mapper(Generic[T]):
    """Map a type of the model to items and back. A field has the same name in both.

    ``identity``: the field that is the sort key. ``special``: fields that ``_READ`` reads. ``written``:
    fields that are only written, for the indexes. ``first``: further attributes of a new item.
    """

    model: Callable[..., T]
    key: Callable[[str], Item]
    identity: str
    fields: tuple[str, ...]
    special: tuple[str, ...]
    written: tuple[str, ...] = ()
    first: Mapping[str, Any] = field(default_factory=dict)

    def item(self, thing: T) -> Item:
        """Write a new object as an item."""
        values = _as_stored(
            {name: getattr(thing, name) for name in (*self.fields, *self.special, *self.written)}
        )
        return self.key(getattr(thing, self.identity)) | attributes({**values, **self.first})

    def read(self, item: Mapping[str, Any]) -> T:
        """Read an item."""
        values = plain(item)
        made = {name: values[name] for name in self.fields}
        made[self.identity] = values[keys.SORT_KEY]
        for name in self.special:
            made[name] = _READ[name](values)
        return self.model(**made)


_CREATION = ("created_at", "created_by", "updated_at")
_CHANNELS = _Mapper(
    Channel,
    keys.channel,
    "id",
    ("name", "enabled", "sealed", *_CREATION),
    ("description", "spec", "retry", "rate", "timezone", "managed"),
    written=("channel_type",),
    first={"rule_count": 0},
)
_RULES = _Mapper(
    Rule,
    keys.rule,
    "id",
    ("name", "rule_type", "channel_id", "message_template", "enabled", *_CREATION),
    ("description", "condition", "observe", "message", "once_per", "digest", "managed"),
)
_EVENT_TYPES = _Mapper(
    EventType,
    keys.event_type,
    "name",
    _CREATION,
    ("description", "json_schema", "managed"),
    first={"rule_count": 0, "rule_writes": 0},
)

channel_item, channel_from = _CHANNELS.item, _CHANNELS.read
rule_item, rule_from = _RULES.item, _RULES.read
event_type_item, event_type_from = _EVENT_TYPES.item, _EVENT_TYPES.read


def summary_from(item: Mapping[str, Any]) -> Summary:
    """Read the summary of a channel or rule from the index by creation."""
    return Summary(
        id=item[keys.SORT_KEY]["S"],
        name=item["name"]["S"],
        type=(item.get("rule_type") or item["channel_type"])["S"],
        enabled=item["enabled"]["BOOL"],
        created_at=item["created_at"]["S"],
        updated_at=item["updated_at"]["S"],
    )


def changes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write changed values of the model as DynamoDB attributes; None stays and means removal."""
    return {name: None if value is None else attribute(value) for name, value in _as_stored(values).items()}


def _as_stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _AS_STORED[name](value) if name in _AS_STORED and value is not None else value
        for name, value in values.items()
    }
