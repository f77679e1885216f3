"""Events that are larger than an item of DynamoDB are dispatched, shown and sent anew like all others."""

import json
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.awsapi.client import Client
from notifications.awsapi.errors import Refused
from notifications.core.events import MAX_FIELDS_BYTES
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import DATA, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.samples.configuration import noise

KIB = 1024


def large(kib: int, event_id: str = "e-1") -> dict[str, Any]:
    """Make an event with so many KiB of fields, of which nothing can be made shorter."""
    return document(event_id, DATA | {"session_name": noise(kib * KIB - 200)})


@pytest.mark.parametrize("kib", [60, 70, 300, 600, 1022])
def test_it_is_dispatched(pipeline: Pipeline, receiver: Receiver, kib: int) -> None:
    """From below 64 KiB up to the largest, an event goes out and its document is kept whole."""
    rule = add_rule(add_channel(receiver.url), message_template='{"n": {{ session_name | length }}}')
    event = large(kib)
    pipeline.dispatch(event)
    record = made.event()
    assert (record.status, record.reason) == ("dispatched", None)
    assert json.loads(record.document or "") == event
    assert made.delivery(rule).status == "delivered"
    assert json.loads(receiver.received[0].body) == {"n": len(event["detail"]["session_name"])}


def test_one_that_is_too_large_is_refused(pipeline: Pipeline) -> None:
    """What is larger than a message of SQS can be is refused for that; what can be kept of it is."""
    pipeline.dispatch(large(1024))
    record = made.event()
    assert record.status == "refused"
    assert f"larger than {MAX_FIELDS_BYTES} bytes" in (record.reason or "")


def test_it_is_shown(pipeline: Pipeline) -> None:
    """The API shows all of its fields."""
    event = large(900)
    pipeline.dispatch(event)
    shown = call("GET", "/notifications/events/e-1").json["event"]
    assert shown["data"]["session_name"] == event["detail"]["session_name"]
    assert call("GET", "/notifications/events").json["events"][0]["id"] == "e-1"


def test_it_is_dispatched_anew(pipeline: Pipeline, receiver: Receiver) -> None:
    """A large event that met no rule goes out when somebody asks for it and there is one."""
    event = large(900)
    pipeline.dispatch(event)
    assert made.event().status == "unmatched"
    rule = add_rule(add_channel(receiver.url), message_template="{}")
    assert call("POST", "/notifications/events/e-1/dispatch").status == 202
    (message,) = pipeline.take("event")
    assert message.body == event
    pipeline.dispatch(event, receives=2)
    assert made.delivery(rule).status == "delivered"


def test_a_dead_dispatchers_large_event(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When its message comes again, all of it is dispatched."""
    rule = add_rule(add_channel(receiver.url), message_template="{}")
    event = large(900)
    with monkeypatch.context() as patch:
        patch.setattr("notifications.outbound.sender.Sender.send_all", made.die)
        with pytest.raises(made.Death):
            pipeline.dispatch(event)
    made.end_leases("e-1")
    pipeline.dispatch(event, receives=2)
    assert made.delivery(rule).status == "delivered"
    assert json.loads(made.event().document or "") == event


def test_a_copy_replaces_no_part(pipeline: Pipeline) -> None:
    """A large event under the same id, with other fields, changes nothing of what is recorded."""
    pipeline.dispatch(large(900))
    record = made.event()
    copy = large(900)
    copy["detail"]["session_name"] = copy["detail"]["session_name"][::-1]
    for receives in (1, 2):
        pipeline.dispatch(copy, receives=receives)
    assert made.event() == record


def test_a_part_that_cannot_be_written(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no record before all of its document is there; the others of the batch go on."""
    call_aws = Client.call

    def refuse(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation == "PutItem" and "#2" in json.dumps(parameters["Item"]["sk"]):
            raise Refused(400, {"__type": "ThrottlingException", "message": "busy"})
        return call_aws(client, operation, **parameters)

    with monkeypatch.context() as patch:
        patch.setattr(Client, "call", refuse)
        answer = pipeline.dispatch(large(1000), document("e-2"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
    assert made.event("e-2").status == "unmatched"
    assert services().events.standings(["e-1"]) == {}
    pipeline.dispatch(large(1000), receives=2)
    assert made.event().status == "unmatched"


def test_ten_large_events(pipeline: Pipeline, receiver: Receiver) -> None:
    """A batch of ten large events is dispatched, whatever fits into memory at a time."""
    rule = add_rule(add_channel(receiver.url), message_template="{}")
    assert pipeline.dispatch(*(large(1000, f"e-{number}") for number in range(10))) == {
        "batchItemFailures": []
    }
    assert {made.delivery(rule, f"e-{number}").status for number in range(10)} == {"delivered"}
