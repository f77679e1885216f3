"""Random rules and events, by seed, to compare what is told of them with what becomes of them."""

import json
from random import Random
from typing import Any

from notifications.core.model import Channel, EventType, Rule, WebhookSpec
from tests.cloud import values
from tests.cloud.services import services

FIELDS: dict[str, Any] = {
    "kind": {"enum": ["batch", "interactive", "system"]},
    "size": {"type": ["number", "null"]},
    "tags": {"type": "array", "items": {"type": "string"}},
    "owner": {"type": "object", "properties": {"name": {"type": "string"}, "address": {"type": "string"}}},
}
WORDS = ("alpha", "beta", "gamma", "alphabet")
TEMPLATES = (
    '{"text": "{{ kind }}"}',
    '{"size": {{ size | tojson }}, "at": "{{ timestamp }}"}',
    '{"tags": {{ tags | tojson }}, "owner": "{{ owner.name }}"}',
    '{"text": "grüezi {{ kind | upper }} \\u00e9"}',
    "{% if kind == 'batch' %}1{% endif %}",  # empty for the others
    "{{ size + 1 }}",  # fails without a size
    "{{ 1 // (size or 0) }}",
    "not JSON",
    " ",
)


def event_type(number: int) -> EventType:
    """Store the event type of one set of rules."""
    schema = {"type": "object", "properties": FIELDS, "required": ["kind"]}
    at = "2026-01-15T10:30:00.000000Z"
    made = EventType(f"random.t{number}", None, schema, created_at=at, created_by="u", updated_at=at)
    services().event_types.create(made)
    return made


def fields(random: Random) -> dict[str, Any]:
    """Make the fields of an event; any but one may be absent."""
    made: dict[str, Any] = {
        "kind": random.choice(FIELDS["kind"]["enum"]),
        "size": random.choice([None, -3, 0, 5, 5.0, 7.25, 1e12]),
        "tags": random.sample(WORDS, random.randrange(4)),
        "owner": {"name": random.choice(WORDS), "address": f"10.0.{random.randrange(3)}.1"},
    }
    return {name: value for name, value in made.items() if name == "kind" or random.random() < 0.8}


def condition(random: Random) -> dict[str, Any] | None:
    """Make a condition, or none."""
    if random.random() < 0.25:
        return None
    made = dict(random.sample([*_leaves(random).items()], random.choice([1, 1, 2])))
    if random.random() < 0.2:
        made["$or"] = [{name: leaf} for name, leaf in random.sample([*_leaves(random).items()], 2)]
    return made


def _leaves(random: Random) -> dict[str, Any]:
    bound = random.choice([0, 5, 7])
    alternatives = (
        [random.choice(WORDS)],
        [{"prefix": "alpha"}],
        [{"wildcard": "*a"}],
        [{"anything-but": ["beta"]}, {"exists": False}],
        [{"equals-ignore-case": "GAMMA"}],
        [None, {"exists": False}],
    )
    return {
        "kind": random.choice([["batch"], ["batch", "system"], [{"anything-but": ["batch"]}]]),
        "size": [{"numeric": [random.choice(["<", "<=", "=", ">=", ">"]), bound]}],
        "tags": random.choice(alternatives),
        "owner": {"name": random.choice(alternatives)},
        "owner.address": [{"cidr": "10.0.1.0/24"}],
    }


def channels(random: Random, url: str) -> list[Channel]:
    """Store a few channels, of which some are off and one will be gone."""
    made = []
    for enabled in (True, True, random.random() < 0.5):
        channel = values.channel(enabled=enabled)
        headers = {"X-Api-Key": "secret", "X-Team": "ops"} if random.random() < 0.3 else {}
        spec = WebhookSpec(f"{url}/{channel.id}", method=random.choice(["POST", "PUT"]), headers=headers)
        made.append(values.channel(id=channel.id, spec=spec, enabled=enabled))
        services().channels.create(made[-1])
    return made


def rules(random: Random, kind: EventType, to: list[Channel]) -> list[Rule]:
    """Store some rules of a type."""
    made = []
    for _ in range(random.randrange(1, 7)):
        rule = values.rule(
            random.choice(to),
            rule_type=kind.name,
            message_template=random.choice(TEMPLATES),
            enabled=random.random() < 0.85,
            observe=random.random() < 0.15,
            condition=condition(random),
        )
        services().rules.create(rule, kind)
        made.append(rule)
    return made


def document(event_id: str, kind: EventType, data: dict[str, Any]) -> str:
    """Write an event as the bus has it."""
    made = {"id": event_id, "source": "backend.ai.manager", "detail-type": kind.name, "detail": data}
    return json.dumps(made | {"time": "2026-01-15T10:30:00Z"})


def remove_channel(channel: Channel) -> None:
    """Delete a channel's item, and leave its rules behind, as a deletion that is under way does."""
    key = {"pk": {"S": "CHANNEL"}, "sk": {"S": channel.id}}
    services().client("dynamodb").call("DeleteItem", TableName="config", Key=key)
