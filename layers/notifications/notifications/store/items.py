"""Map the model to DynamoDB items and back.

Specs and schemas are stored as JSON text, so that they come back exactly as they were, floats included.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from notifications.core.kinds import KINDS
from notifications.core.model import (
    Channel,
    ChannelType,
    EventType,
    Retry,
    Rule,
    Spec,
)
from notifications.core.search import Summary
from notifications.store import keys

Item = dict[str, Any]


def attribute(value: str | bytes | bool | int) -> dict[str, Any]:  # noqa: FBT001
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
        case _:
            return value


def channel_item(channel: Channel) -> Item:
    """Write a channel that no rule uses yet."""
    values = {
        "name": channel.name,
        "description": channel.description,
        "channel_type": channel.channel_type,
        "spec": spec_text(channel.spec),
        "enabled": channel.enabled,
        "created_at": channel.created_at,
        "created_by": channel.created_by,
        "updated_at": channel.updated_at,
        "retry": retry_text(channel.retry),
        "sealed": channel.sealed,
        "rule_count": 0,
    }
    return keys.channel(channel.id) | attributes(values)


def channel_from(item: Mapping[str, Any]) -> Channel:
    """Read a channel."""
    values = plain(item)
    return Channel(
        id=values[keys.SORT_KEY],
        name=values["name"],
        description=values.get("description"),
        spec=_spec_from(values["channel_type"], values["spec"]),
        enabled=values["enabled"],
        created_at=values["created_at"],
        created_by=values["created_by"],
        updated_at=values["updated_at"],
        retry=_retry_from(values["retry"]),
        sealed=values["sealed"],
    )


def spec_text(spec: Spec) -> str:
    """Write a spec as its stored text."""
    return json.dumps(asdict(spec), ensure_ascii=False)


def _spec_from(kind: ChannelType, text: str) -> Spec:
    spec: Spec = KINDS[kind].read_spec(json.loads(text))
    return spec


def retry_text(retry: Retry) -> str:
    """Write a retry schedule as its stored text."""
    return json.dumps(retry)


def _retry_from(text: str) -> Retry:
    value = json.loads(text)
    return tuple(value) if isinstance(value, list) else value


def schema_text(schema: Mapping[str, Any]) -> str:
    """Write a schema as its stored text."""
    return json.dumps(schema, ensure_ascii=False)


def rule_item(rule: Rule) -> Item:
    """Write a rule."""
    values = {
        "name": rule.name,
        "description": rule.description,
        "rule_type": rule.rule_type,
        "channel_id": rule.channel_id,
        "message_template": rule.message_template,
        "enabled": rule.enabled,
        "created_at": rule.created_at,
        "created_by": rule.created_by,
        "updated_at": rule.updated_at,
    }
    return keys.rule(rule.id) | attributes(values)


def rule_from(item: Mapping[str, Any]) -> Rule:
    """Read a rule."""
    values = plain(item)
    return Rule(
        id=values[keys.SORT_KEY],
        name=values["name"],
        description=values.get("description"),
        rule_type=values["rule_type"],
        channel_id=values["channel_id"],
        message_template=values["message_template"],
        enabled=values["enabled"],
        created_at=values["created_at"],
        created_by=values["created_by"],
        updated_at=values["updated_at"],
    )


def event_type_item(event_type: EventType) -> Item:
    """Write a custom event type that no rule uses yet."""
    values = {
        "description": event_type.description,
        "json_schema": schema_text(event_type.json_schema),
        "created_at": event_type.created_at,
        "created_by": event_type.created_by,
        "updated_at": event_type.updated_at,
        "rule_count": 0,
        "rule_writes": 0,
    }
    return keys.event_type(event_type.name) | attributes(values)


def event_type_from(item: Mapping[str, Any]) -> EventType:
    """Read a custom event type."""
    values = plain(item)
    return EventType(
        name=values[keys.SORT_KEY],
        description=values.get("description"),
        json_schema=json.loads(values["json_schema"]),
        created_at=values["created_at"],
        created_by=values["created_by"],
        updated_at=values["updated_at"],
    )


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
    as_text: dict[str, Callable[[Any], str]] = {
        "spec": spec_text,
        "json_schema": schema_text,
        "retry": retry_text,
    }
    kept = {name: as_text[name](value) if name in as_text else value for name, value in values.items()}
    return {name: None if value is None else attribute(value) for name, value in kept.items()}
