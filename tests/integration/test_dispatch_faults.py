"""Nothing is lost, and no death is counted, when a response is lost or a read fails beside a claim."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.awsapi.client import Client
from notifications.awsapi.errors import NotReached
from notifications.core.errors import Unavailable
from notifications.core.event_records import EventRecord, claimed, handed_back
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.pipeline import DATA, MAX_RECEIVES, PAST, STAMP, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.away import Away

DEAD_LETTERS = "https://sqs.us-east-1.amazonaws.com/123456789012/dead_letter"
FORMER: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "former-records.json").read_text())
OTHERS: list[dict[str, Any]] = [document(detail=DATA | {"session_id": "other"}), {"id": "e-1"}]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.awsapi.client.MAX_PAUSE_SECONDS", 0.0001)


def claim(**changes: Any) -> EventRecord:
    """Leave the claim of a dispatcher that died."""
    text = made.text(document())
    new = EventRecord("e-1", "session.started", "dispatching", None, text, None, STAMP, STAMP, **changes)
    dead = claimed(new, PAST, PAST)
    assert services().events.insert([dead]).made
    return dead


def hand_back(**more: Any) -> None:
    """Leave the claim of a dispatcher that gave it up."""
    dead = claim()
    assert services().events.change_claim(handed_back(dead, PAST, "away", **more), dead)


def lose_first_response(patch: pytest.MonkeyPatch, operation: str) -> None:
    """Have the first call of an operation be done, and its response lost."""
    call = Client._try  # noqa: SLF001 - below it are the client's own tries
    lost: list[bool] = []

    def tried(aws_client: Client, called: str, body: bytes) -> dict[str, Any]:
        answer = call(aws_client, called, body)
        if called == operation and not lost:
            lost.append(True)
            raise NotReached("the response was lost")
        return answer

    patch.setattr(Client, "_try", tried)


@pytest.mark.parametrize(("operation", "claims"), [("BatchExecuteStatement", 1), ("UpdateItem", 2)])
def test_a_claim_whose_response_was_lost_is_not_left_behind(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, operation: str, claims: int
) -> None:
    """A claim of a message that came again holds, though the second try of the call was refused."""
    add_rule(add_channel(receiver.url))
    if claims > 1:
        claim()
    lose_first_response(monkeypatch, operation)
    assert pipeline.dispatch(document(), receives=2) == {"batchItemFailures": []}
    assert (made.event().status, made.event().claims) == ("dispatched", claims)
    assert len(receiver.received) == 1


def test_a_claim_is_handed_back_if_its_deliveries_cannot_be_read(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that is claimed, and then cannot be planned, counts no death."""
    claim()
    Away(monkeypatch, lambda operation, asked: operation == "Query" and "DELIVERY#" in asked)
    with pytest.raises(Unavailable):
        pipeline.dispatch(document(), receives=2)
    assert (made.event().status, made.event().claims, made.event().lease) == ("dispatching", 1, None)


def test_a_copy_that_cannot_be_looked_at_holds_up_nothing(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was claimed beside it is sent at once, and the copy comes again."""
    rule = add_rule(add_channel(receiver.url))
    claim()
    outage = Away(monkeypatch, lambda operation, asked: operation.endswith("GetItem") and "#e-1" in asked)
    back = [{"itemIdentifier": "m-0"}]
    assert pipeline.dispatch(document(), document("e-2")) == {"batchItemFailures": back}
    assert made.delivery(rule, "e-2").status == "delivered"
    outage.is_away = False
    pipeline.dispatch(document(), receives=2)
    assert made.delivery(rule).status == "delivered"


@pytest.mark.parametrize("other", OTHERS, ids=["other", "malformed"])
def test_a_dead_letter_does_not_take_the_place_of_another_event(
    pipeline: Pipeline, receiver: Receiver, other: dict[str, Any]
) -> None:
    """While an event waits for its message, a dead letter with its id is not recorded in its place."""
    add_rule(add_channel(receiver.url))
    hand_back()
    client("sqs").send_message(QueueUrl=DEAD_LETTERS, MessageBody=made.text(other))
    pipeline.sweep()
    pipeline.dispatch(document(), receives=2)
    assert [json.loads(request.text) for request in receiver.received] == [DATA["session_id"]]
    assert (made.event().status, made.event().document) == ("dispatched", made.text(document()))


def test_what_is_buried_does_not_take_the_place_of_another_event(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that is given up leaves alone what somebody has claimed with another document."""
    add_rule(add_channel(receiver.url))
    hand_back()
    outage = Away(monkeypatch, lambda operation, asked: operation == "GetItem" and '"config"' in asked)
    pipeline.dispatch(OTHERS[0], receives=MAX_RECEIVES)
    outage.is_away = False
    pipeline.dispatch(document(), receives=2)
    assert [json.loads(request.text) for request in receiver.received] == [DATA["session_id"]]
    assert made.event().status == "dispatched"


def test_a_result_that_was_never_recorded_is_not_waited_for_twice(
    pipeline: Pipeline, receiver: Receiver
) -> None:
    """A dead letter that waited for a result in vain is sent when it is dispatched again."""
    rule = add_rule(add_channel(receiver.url))
    hand_back(unrecorded=[rule.id])
    pipeline.dispatch(document(), receives=MAX_RECEIVES)
    assert "not recorded yet" in (made.event().reason or "")
    assert (made.event().status, receiver.received) == ("dead_letter", [])
    pipeline.dispatch(document(), receives=2)
    assert (made.event().status, made.delivery(rule).status) == ("dispatched", "delivered")


@pytest.mark.parametrize("by_sweeper", [False, True], ids=["its message", "the sweeper's"])
def test_a_claim_of_the_former_form_is_taken_over(
    pipeline: Pipeline,
    receiver: Receiver,
    by_sweeper: bool,  # noqa: FBT001
) -> None:
    """An event over which a dispatcher of the former version died is dispatched with its kept document."""
    rule = add_rule(add_channel(receiver.url))
    detail = DATA | {"session_id": "kept"}
    item = FORMER["claim"] | {"document": {"S": made.text(document(detail=detail))}}
    client("dynamodb").put_item(TableName="deliveries", Item=item)
    body: Any = document()
    if by_sweeper:
        pipeline.sweep()
        (message,) = pipeline.take("event")
        body = message.body
    pipeline.dispatch(body, receives=2)
    assert [json.loads(request.text) for request in receiver.received] == ["kept"]
    assert (made.event().status, made.event().look_at) == ("dispatched", None)
    assert made.delivery(rule).status == "delivered"
