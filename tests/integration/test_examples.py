"""The examples of the OpenAPI document: each request gets just this answer from the service as it is."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from local.receiver import Receiver
from notifications.api import openapi
from notifications.core.event_records import EventRecord
from notifications.core.model import Channel, EmailSpec, EventType, Rule, WebhookSpec
from notifications.core.mutes import Mute
from notifications.core.records import Attempt, DeliveryRecord
from notifications.core.revisions import Author
from notifications.core.rule_types import BUILT_IN
from notifications.core.secrets import SigningSecret
from notifications.core.signatures import make_secret
from tests.cloud.gateway import SUPERADMIN_ID, call
from tests.cloud.services import services
from tools.openapi.operations import EVENT_ID, PATH_PARAMETERS, Example, examples
from tools.openapi.problems import CHANNEL_ID, MUTE_ID, RULE_ID

MAIL_CHANNEL_ID = "b3f0c1de-52a7-4a63-9d0e-7c1a2b3c4d5e"
CREATED = "2026-01-14T09:00:00.000000Z"
HAPPENED = "2026-01-15T10:30:00.000000Z"
ENDED = "2026-01-15T10:30:00.250000Z"
CHANGES = {
    r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z": "a moment",
    r"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}": "an id",
    r"whsec_[\w+/=]+": "a secret",
}
"""What is another one each time."""

MADE: dict[str, Any] = {"created_at": CREATED, "created_by": SUPERADMIN_ID, "updated_at": CREATED}
AUTHOR = Author("AKIAEXAMPLEOPERATORS", SUPERADMIN_ID, "operators")
CHANNEL = Channel(
    id=CHANNEL_ID,
    name="Operations",
    description="The operators' room",
    spec=WebhookSpec(
        "https://chat.example.com/hooks/T024/b61c",
        headers={"Authorization": "Bearer example"},
        timeout=10.0,
    ),
    enabled=True,
    **MADE,
)
MAIL_CHANNEL = Channel(
    id=MAIL_CHANNEL_ID,
    name="Operators by email",
    description=None,
    spec=EmailSpec(
        host="smtp.example.com",
        port=587,
        from_email="Backend.AI <backend.ai@example.com>",
        to_emails=("ops@example.com",),
        subject_template="Session {{ session_name }}: {{ status }}",
        username="backend.ai",
        password="example",
    ),
    enabled=True,
    **MADE,
)
RULE = Rule(
    id=RULE_ID,
    name="Sessions to the operators",
    description=None,
    rule_type="session.started",
    channel_id=CHANNEL_ID,
    message_template='{"text": {{ (session_name ~ " is " ~ status) | tojson }}}',
    enabled=True,
    **MADE,
)
MUTE = Mute(
    id=MUTE_ID,
    reason="The network is being rebuilt",
    created_at=CREATED,
    created_by=AUTHOR,
    updated_at=CREATED,
    channel_id=MAIL_CHANNEL_ID,
    until="2099-01-14T11:00:00.000000Z",
)
EVENT_TYPE = EventType(
    name="quota.exceeded",
    description="A project uses more than its quota.",
    json_schema={
        "type": "object",
        "properties": {
            "project": {"type": "string", "description": "The project's name"},
            "share": {"type": "number", "minimum": 1, "description": "What it uses of its quota"},
        },
        "required": ["project"],
        "additionalProperties": False,
    },
    **MADE,
)
EVENT = EventRecord(
    id=EVENT_ID,
    rule_type="session.started",
    status="dispatched",
    reason=None,
    document='{"id": "5f0c2d34-8a3e-4a53-8f0b-6c1b1f0e9e1d", "source": "backend.ai.manager", "detail-type":'
    ' "session.started", "time": "2026-01-15T10:30:00Z", "detail": {"session_id":'
    ' "6f1cbe6c-3f0e-4a0c-9b57-0d8f7a1c2b3d", "session_name": "train", "session_type": "interactive",'
    ' "cluster_mode": "single-node", "status": "RUNNING"}}',
    timestamp=HAPPENED,
    created_at=HAPPENED,
    updated_at=ENDED,
    planned_at=HAPPENED,
)
DELIVERY = DeliveryRecord(
    event_id=EVENT_ID,
    rule_id=RULE_ID,
    channel_id=CHANNEL_ID,
    rule_type="session.started",
    status="pending",
    reason="The receiver answered with status 503: busy",
    created_at=HAPPENED,
    updated_at=ENDED,
    error_class="status",
    message='{"text": "train is RUNNING"}',
    attempts=(
        Attempt(
            at=HAPPENED,
            seconds=0.25,
            status=503,
            error_class="status",
            error="The receiver answered with status 503: busy",
            method="POST",
            url="https://chat.example.com/***",
            headers={
                "Content-Type": "application/json",
                "Authorization": "***",
                "webhook-id": f"{EVENT_ID}_{RULE_ID}",
            },
            response="busy",
            response_cut=False,
        ),
    ),
    attempt_count=1,
    tries=1,
    next_attempt_at=datetime(2026, 1, 15, 10, 30, 5, tzinfo=UTC),
    look_at=datetime(2026, 1, 15, 10, 32, 5, tzinfo=UTC),
)


@pytest.fixture
def configured(cloud: None) -> None:
    """Have what the examples tell of."""
    del cloud
    channels, rules, kind = services().channels, services().rules, BUILT_IN[RULE.rule_type]
    for channel in (CHANNEL, MAIL_CHANNEL):
        made = replace(channel, enabled=False)
        channels.create(made, [SigningSecret(make_secret(bytes(32)))], AUTHOR)
        channels.update(channel.id, {"enabled": True, "updated_at": CREATED}, AUTHOR)
    rules.create(replace(RULE, enabled=False), kind, AUTHOR)
    rules.update(RULE, {"enabled": True, "updated_at": CREATED}, kind, AUTHOR)
    services().event_types.create(EVENT_TYPE, AUTHOR)
    services().records.put_many([EVENT, DELIVERY])


def answered(example: Example) -> Any:
    """Make the request of an example; return what is answered with the status that the document has."""
    method, path, operation = next(
        (method, path, operation)
        for path, operations in openapi.document()["paths"].items()
        for method, operation in operations.items()
        if operation["operationId"] == example.operation
    )
    parameters = {name: value for name, (_, value) in PATH_PARAMETERS.items()} | dict(example.path)
    query = f"?{urlencode(example.query)}" if example.query else ""
    answer = call(method.upper(), path.format(**parameters) + query, example.request)
    assert str(answer.status) == next(iter(operation["responses"])), answer.text
    found = answer.json
    if example.operation == "list_event_types":  # it has some of them
        told = {event_type["name"] for event_type in example.response["event_types"]}
        found["event_types"] = [one for one in found["event_types"] if one["name"] in told]
    if example.operation == "create_mute":  # whether its window is open depends on the time of day
        found["mute"]["state"] = example.response["mute"]["state"]
    if example.operation == "get_status":  # the example's delivery has been due since it was written
        found["overdue_seconds"] = example.response["overdue_seconds"]
    if example.operation == "tail_events":  # where the present is
        found["position"] = example.response["position"]
    return found


def settled(value: Any) -> Any:
    """Put a name in the place of what is another one each time."""
    match value:
        case str():
            for pattern, name in CHANGES.items():
                value = re.sub(pattern, name, value)
            return value
        case list():
            return [settled(part) for part in value]
        case dict():
            return {key: settled(part) for key, part in value.items()}
        case _:
            return value


@pytest.mark.parametrize(
    "example", [pytest.param(one, id=f"{one.operation} {one.name}") for one in examples()]
)
@pytest.mark.usefixtures("configured")
def test_answer_is_as_the_example_says(example: Example, receiver: Receiver) -> None:
    """The service answers an example's request as the example does."""
    if "mute" in example.operation or example.operation == "export_configuration":  # others must not meet it
        services().mutes.create(MUTE)
    if example.operation.endswith("validate_channel"):  # which is sent for real
        services().channels.update(CHANNEL_ID, {"spec": WebhookSpec(receiver.url)})
    assert settled(answered(example)) == settled(example.response)


def test_every_operation_has_an_example() -> None:
    """Each operation has an example of its response, but the one that answers with the document itself."""
    ids = {
        operation["operationId"]
        for operations in openapi.document()["paths"].values()
        for operation in operations.values()
    }
    assert {example.operation for example in examples()} == ids - {"get_openapi"}
