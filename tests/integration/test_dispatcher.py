"""The dispatcher's handler: what one event does must not be the others' end."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from local.receiver import Receiver
from notifications.core.errors import Unavailable
from notifications.core.model import EmailSpec, WebhookSpec
from notifications.core.rule_types import BUILT_IN
from notifications.store.channels import ChannelStore
from notifications.store.rules import RuleStore
from tests.cloud import values
from tests.cloud.aws import client
from tests.cloud.gateway import Context
from tests.cloud.services import services

GOOD = {"session_id": "good", "session_type": "batch", "cluster_mode": "single-node", "status": "RUNNING"}


@pytest.fixture
def handle(cloud: None) -> Any:  # noqa: ARG001
    """Import the handler where AWS is in memory, with a dispatcher that remembers nothing."""
    from dispatcher import app  # noqa: PLC0415

    handler = app.Handler(services())
    return lambda event: handler(event, cast(LambdaContext, Context()))


def event(detail: Any = None, **changes: Any) -> dict[str, Any]:
    """Make an EventBridge document."""
    document = {
        "id": "e",
        "source": "backend.ai.x",
        "detail-type": "session.started",
        "time": "2026-01-15T10:30:00Z",
    }
    return {**document, "detail": GOOD if detail is None else detail, **changes}


def batch(*bodies: str) -> dict[str, Any]:
    """Make a batch of the event queue."""
    return {"Records": [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]}


def add_rule(channels: ChannelStore, rules: RuleStore, url: str, **changes: Any) -> None:
    """Store a channel for a receiver and a rule on it."""
    made = values.channel()
    channel = replace(made, spec=replace(made.spec, url=url))  # type: ignore[arg-type]
    channels.create(channel)
    rules.create(
        values.rule(channel, message_template='"{{ session_id }}"', **changes), BUILT_IN["session.started"]
    )


@pytest.mark.parametrize(
    "poison",
    [
        "not JSON",
        "[1]",
        "[" * 100_000,
        json.dumps(event({"session_id": "DEEP"})).replace('"DEEP"', "[" * 2_000 + "]" * 2_000),
        json.dumps(event(**{"detail-type": "x" * 3_000})),
        json.dumps(event(**{"detail-type": "\ud800"})),
        json.dumps(event({"session_id": "\ud800"})),
        json.dumps(event({"rule_type": "y" * 3_000}, **{"detail-type": "notification_triggered"})),
        json.dumps(event("text")),
        json.dumps(event({}, source="somebody.else")),
    ],
    ids=[
        "no-json",
        "no-object",
        "unfinished",
        "deep",
        "long-type",
        "no-character",
        "no-text",
        "long",
        "text",
        "else",
    ],
)
def test_a_poisonous_event_hurts_only_itself(
    poison: str, handle: Any, channels: ChannelStore, rules: RuleStore, receiver: Receiver
) -> None:
    """In a batch with an event that cannot be dispatched, the other event is sent, and not given again."""
    add_rule(channels, rules, receiver.url)
    answer = handle(batch(poison, json.dumps(event(id="another"))))
    assert [request.text for request in receiver.received] == ['"good"']
    assert {"itemIdentifier": "m1"} not in answer["batchItemFailures"]


@pytest.mark.parametrize(
    ("content_type", "body"), [("application/json", '"cut \ufffd"'), ("text/plain", "cut \ufffd")]
)
def test_half_a_character_is_sent_as_its_replacement(
    handle: Any,
    channels: ChannelStore,
    rules: RuleStore,
    receiver: Receiver,
    content_type: str,
    body: str,
) -> None:
    """A message is not lost for half a surrogate pair in its event, whatever the channel's content type."""
    made = values.channel(spec=WebhookSpec(receiver.url, content_type=content_type))
    channels.create(made)
    rules.create(values.rule(made, message_template="{{ session_id }}"), BUILT_IN["session.started"])
    handle(batch(json.dumps(event(GOOD | {"session_id": "cut \ud83d"}))))
    assert [request.text for request in receiver.received] == [body]


def test_a_channel_that_can_not_be_mailed_to_hurts_only_itself(
    handle: Any, channels: ChannelStore, rules: RuleStore, receiver: Receiver
) -> None:
    """An email channel whose address is malformed fails its own delivery and no other."""
    made = values.channel()
    spec = EmailSpec(host="127.0.0.1", port=1, from_email="a@b..c", to_emails=("d@e",), use_tls=False)
    channels.create(replace(made, spec=spec))
    rules.create(values.rule(made), BUILT_IN["session.started"])
    add_rule(channels, rules, receiver.url)
    (report,) = handle(event())["events"]
    assert sorted(result["status"] for result in report["deliveries"]) == ["delivered", "failed"]
    assert [request.text for request in receiver.received] == ['"good"']


def test_without_its_configuration_the_whole_batch_comes_again(handle: Any) -> None:
    """When the config table cannot be read the handler raises, and nothing is lost from the queue."""
    client("dynamodb").delete_table(TableName="config")
    with pytest.raises(Unavailable):
        handle(batch(json.dumps(event())))
