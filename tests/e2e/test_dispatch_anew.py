"""What is dispatched late or anew on the deployed stack: large events, unmatched ones, dead letters."""

import json
from typing import Any
from uuid import uuid4

import pytest

from local.receiver import Receiver
from local.stack import Stack
from local.waiting import until
from tests.stack.cli import Cli

SESSION = {
    "session_id": "6f1c",
    "session_type": "interactive",
    "cluster_mode": "single-node",
    "status": "RUNNING",
}

pytestmark = pytest.mark.usefixtures("fresh_configuration")


def ended(cli: Cli, event_id: str, status: str) -> dict[str, Any]:
    """Wait until an event has come to an end, and return it."""

    def look() -> dict[str, Any] | None:
        event = cli.event(event_id)
        return event if event and event["status"] == status else None

    return until(f"the event is {status}", look)


def document(event_id: str, **detail: Any) -> str:
    """Write an EventBridge document."""
    return json.dumps(
        {
            "id": event_id,
            "source": "backend.ai.manager",
            "detail-type": "session.started",
            "time": "2026-01-15T10:30:00Z",
            "detail": SESSION | detail,
        }
    )


@pytest.mark.parametrize("kib", [300, 900])
def test_a_large_event(stack: Stack, cli: Cli, receiver: Receiver, kib: int) -> None:
    """What the bus takes is dispatched and shown, though no item of DynamoDB has room for it."""
    template = '{"length": {{ session_name | length }}}'
    cli.rule("session.started", cli.channel(receiver.url), template)
    name = uuid4().hex * (kib * 1024 // 32)
    entry = {
        "EventBusName": stack.outputs()["EventBusName"],
        "Source": "backend.ai.manager",
        "DetailType": "session.started",
        "Detail": json.dumps(SESSION | {"session_name": name}),
    }
    event_id = stack.client("events").put_events(Entries=[entry])["Entries"][0]["EventId"]
    assert json.loads(receiver.wait_for(1)[0].body) == {"length": len(name)}
    assert ended(cli, event_id, "dispatched")["data"]["session_name"] == name


def test_an_event_that_found_no_rule(cli: Cli, receiver: Receiver) -> None:
    """It is dispatched anew when somebody asks for it and there is a rule; a dry run only lists it."""
    event_id = cli.json("event", "emit", "session.started", "--data", json.dumps(SESSION))["event_id"]
    ended(cli, event_id, "unmatched")
    cli.rule("session.started", cli.channel(receiver.url), "{{ session_id }}")
    listed = cli.run("event", "dispatch", "--status", "unmatched", "--since", "1h", "--dry-run")
    assert f"ID: {event_id}\n" in listed.out
    assert receiver.received == []
    assert cli.json("event", "dispatch", event_id)["status"] == "dispatching"
    assert [request.text for request in receiver.wait_for(1)] == ['"6f1c"']
    ended(cli, event_id, "dispatched")


def test_a_dead_letter(stack: Stack, cli: Cli, receiver: Receiver) -> None:
    """A dead letter is listed with its reason, is dispatched with all others, and leaves its queue."""
    event_id = str(uuid4())
    cli.rule("session.started", cli.channel(receiver.url), "{{ session_id }}")
    sqs, queue = stack.client("sqs"), stack.outputs()["DeadLetterQueueUrl"]
    reason = {"DataType": "String", "StringValue": "DynamoDB was away"}
    body = document(event_id, session_id=event_id)
    sqs.send_message(QueueUrl=queue, MessageBody=body, MessageAttributes={"reason": reason})
    sweeper = stack.resources()["SweeperFunction"]
    functions = stack.client("lambda")
    functions.invoke(FunctionName=sweeper, Payload=b"{}")
    event = ended(cli, event_id, "dead_letter")
    assert event["reason"] == "DynamoDB was away"
    assert cli.run("event", "dispatch", "--status", "dead_letter", "--yes").code == 0
    assert receiver.wait_for(1)[0].text == f'"{event_id}"'
    ended(cli, event_id, "dispatched")

    def is_empty() -> bool:
        functions.invoke(FunctionName=sweeper, Payload=b"{}")
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        return not any(int(found[name]) for name in names)

    until("the queue is empty", is_empty)
