"""Sets of configuration through the API: documents, plans, and what applying them leaves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from notifications.awsapi.client import Client
from tests.cloud.gateway import ACCESS_KEY, SECRET_KEY, Answer, call
from tests.integration.revisions import ask

KEYPAIR = ACCESS_KEY, SECRET_KEY
URL = "https://example.com/hook"
NIGHTS = "mon-fri 22:00-07:00 Asia/Seoul"
PATH = "/notifications/configuration"
WRITES = {"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "SendMessageBatch"}
TEXT = {"url": URL, "content_type": "text/plain"}
MESSAGE = {"message_template": '{"id": "{{ session_id }}"}'}
STARTED = {"rule_type": "session.started", **MESSAGE}
SCHEMA = {"type": "object", "properties": {"share": {"type": "number"}, "project": {"type": "string"}}}


def document(**sections: Any) -> dict[str, Any]:
    """Make a document of the set prod with a channel, a rule, an event type and a mute."""
    return {
        "set": "prod",
        "channels": {"ops": {"spec": {"url": URL, "headers": {"X-Api-Key": "canary-1"}}}},
        "event_types": {"quota.exceeded": {"json_schema": SCHEMA}},
        "rules": {
            "quota": {
                "rule_type": "quota.exceeded",
                "channel": "ops",
                "where": "share > 0.9",
                "message_template": '{"text": "{{ project }}"}',
            }
        },
        "mutes": {"nights": {"reason": "quiet", "rule": "quota", "weekly": [NIGHTS]}},
        **sections,
    }


def properties(*names: str) -> dict[str, Any]:
    """Make a schema with such fields."""
    return {"type": "object", "properties": {name: {"type": ["number", "string"]} for name in names}}


def plan(given: dict[str, Any], key: tuple[str, str] = KEYPAIR) -> dict[str, Any]:
    """Plan a set."""
    answer = call("POST", f"{PATH}/plan", given, key=key)
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.json
    return found


def changes(given: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what a plan would do: action, kind, key."""
    return [(each["action"], each["kind"], each["key"]) for each in plan(given)["changes"]]


def apply(given: dict[str, Any], holder: str = "me", version: str | None = None) -> list[dict[str, Any]]:
    """Plan and apply a set to its end; return what was done."""
    version = version or plan(given)["version"]
    done: list[dict[str, Any]] = []
    while True:
        answer = ask("POST", f"{PATH}/apply", {**given, "version": version, "holder": holder})
        done += answer["applied"]
        if not answer["remaining"]:
            return done


def ids(done: list[dict[str, Any]]) -> dict[str, str]:
    """Return the ids of what was applied by their keys."""
    return {each["key"]: each["id"] for each in done}


def faults(given: dict[str, Any], route: str = "plan") -> list[tuple[tuple[Any, ...], str]]:
    """Return the faults of a document: where, and what."""
    answer: Answer = call("POST", f"{PATH}/{route}", given)
    assert answer.status == 422, answer
    assert answer.slug == "notification-configuration-faults"
    return [(tuple(each["loc"]), each["msg"]) for each in answer.json["data"]["errors"]]


@contextmanager
def writes() -> Iterator[list[str]]:
    """Note what is written meanwhile, by the operation."""
    noted: list[str] = []
    call = Client.call

    def note(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation in WRITES:
            noted.append(operation)
        return call(client, operation, **parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "call", note)
        yield noted
