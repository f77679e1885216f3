"""The same key is the same event, whichever way and however often it comes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deliveries_api import emitting
from local.receiver import Receiver
from notifications.core.errors import Unavailable
from notifications.core.idempotency import KEPT, KeyUse
from notifications.messaging.bus import EventBus
from notifications.store.idempotency import IdempotencyStore
from tests.cloud import gateway
from tests.cloud import pipeline as made
from tests.cloud.gateway import Answer
from tests.cloud.pipeline import DATA, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration import recorded

CONFLICT = (409, "notification-event-conflict", "notification_create_conflict")


@pytest.fixture(autouse=True)
def bus(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:  # noqa: ARG001
    """Note what is put on the bus, as the bus hands it on."""
    client = services().client("events")
    call = type(client).call
    put: list[dict[str, Any]] = []

    def noting(self: Any, operation: str, **parameters: Any) -> dict[str, Any]:
        answer = call(self, operation, **parameters)
        if operation == "PutEvents":
            (entry,), (given,) = parameters["Entries"], answer["Entries"]
            made_of = {
                "id": given["EventId"],
                "source": entry["Source"],
                "detail-type": entry["DetailType"],
                "time": "2026-01-15T10:30:00Z",
                "resources": entry.get("Resources", []),
                "detail": json.loads(entry["Detail"]),
            }
            put.append(made_of)
        return answer

    monkeypatch.setattr(type(client), "call", noting)
    return put


def emit(key: str | None, data: Any = DATA, rule_type: str = "session.started") -> Answer:
    """Emit an event with a key, as a client does."""
    body = json.dumps({"rule_type": rule_type, "notification_data": data})
    headers = {"Host": gateway.HOST, "Content-Type": "application/json"}
    signed = gateway.sign("POST", f"/{gateway.STAGE}/notifications/events", headers)
    signed |= {} if key is None else {"Idempotency-Key": key}
    return gateway.invoke(gateway.proxy_event("POST", "/notifications/events", signed, body))


def test_twice(pipeline: Pipeline, bus: list[dict[str, Any]]) -> None:
    """The second response says that it is the same event; the receiver gets one message under one id."""
    with Receiver() as receiver:
        add_rule(add_channel(receiver.url))
        first, second = emit("order-7"), emit('"order-7"')
        assert (first.status, first.json) == (202, {"event_id": "order-7", "duplicate": False})
        assert (second.status, second.json) == (202, {"event_id": "order-7", "duplicate": True})
        assert len(bus) == 1
        pipeline.dispatch(*bus)
        third = emit("order-7", dict(reversed(DATA.items())))
    assert third.json == second.json
    assert len(bus) == 1
    (request,) = receiver.received
    assert request.headers["webhook-id"].startswith("order-7_")


def test_without_a_key(bus: list[dict[str, Any]]) -> None:
    """Events without a key are events of their own, whatever they say."""
    first, second = emit(None), emit(None)
    assert first.json["event_id"] != second.json["event_id"]
    assert (first.json["duplicate"], second.json["duplicate"], len(bus)) == (False, False, 2)


@pytest.mark.parametrize("dispatched", [False, True])
def test_another_event(pipeline: Pipeline, bus: list[dict[str, Any]], dispatched: bool) -> None:  # noqa: FBT001
    """A key that another event has is refused, before and after that one was dispatched."""
    emit("order-7")
    if dispatched:
        pipeline.dispatch(*bus)
    assert emit("order-7", DATA | {"session_id": "s-2"}).kind == CONFLICT
    assert emit("order-7", DATA | {"termination_reason": "x"}, "session.terminated").kind == CONFLICT
    assert len(bus) == 1


def test_an_event_of_the_bus(pipeline: Pipeline, bus: list[dict[str, Any]]) -> None:
    """An event that came over the bus with the same id is the same event."""
    entries = ["arn:aws:x", "backend.ai:event-id:order-7"]
    pipeline.dispatch(document("e-1", resources=entries), document("e-2", resources=entries))
    assert made.event("order-7").status == "unmatched"
    assert emit("order-7").json == {"event_id": "order-7", "duplicate": True}
    assert bus == []


def test_a_refused_event_uses_no_key(bus: list[dict[str, Any]]) -> None:
    """Whoever corrects an event that was refused may keep its key."""
    assert emit("order-7", {}).status == 400
    assert emit("order-7").json["duplicate"] is False
    assert len(bus) == 1


def test_the_bus_does_not_answer(bus: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that the bus did not take, or may have taken, is put when its key comes again."""

    def down(*_: Any) -> str:
        raise Unavailable("The event bus did not take the event")

    with monkeypatch.context() as patch:
        patch.setattr(EventBus, "put", down)
        assert emit("order-7").status == 500
    assert emit("order-7").json == {"event_id": "order-7", "duplicate": True}
    assert len(bus) == 1


def test_the_table_does_not_answer_at_the_end(
    pipeline: Pipeline, bus: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it cannot be noted that the bus has the event, it is put twice, and is one event all the same."""

    def down(*_: Any) -> None:
        raise Unavailable("DynamoDB did not do it")

    with Receiver() as receiver:
        add_rule(add_channel(receiver.url))
        with monkeypatch.context() as patch:
            patch.setattr(IdempotencyStore, "accept", down)
            assert emit("order-7").status == 202
        assert emit("order-7").json["duplicate"] is True
        assert len(bus) == 2
        pipeline.dispatch(*bus)
    assert len(receiver.received) == 1


def test_a_day_later(bus: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """A use of which nothing is recorded after 24 hours is forgotten, and not a moment earlier."""
    first = datetime.now(UTC)
    store = services().idempotency
    assert store.begin(KeyUse("k", "a"), first) is None
    assert store.begin(KeyUse("k", "b"), first + KEPT - timedelta(seconds=1)) == KeyUse("k", "a")
    assert store.begin(KeyUse("k", "b"), first + KEPT + timedelta(seconds=2)) is None
    emit("order-7")
    monkeypatch.setattr(emitting, "datetime", made.later(KEPT + timedelta(seconds=2)))
    assert emit("order-7").json["duplicate"] is False
    assert len(bus) == 2


def test_a_recorded_event_is_known_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as an event's record is kept, its key is that event: nothing that is accepted gets lost."""
    services().records.put_many([recorded.event(id="order-7", document=json.dumps(document("order-7")))])
    monkeypatch.setattr(emitting, "datetime", made.later(timedelta(days=3)))
    assert emit("order-7").json["duplicate"] is True


@pytest.mark.parametrize("key", ["", '""', "a b", "a.b", "a/b", "세션", "x" * 129, '"a', "a\n"])
def test_a_key_that_is_no_id(bus: list[dict[str, Any]], key: str) -> None:
    """A key is the event's id, so one that cannot be an id is refused by the header's name."""
    answer = emit(key)
    assert answer.kind == (400, "generic-bad-request", "api_parsing_invalid-parameters")
    assert "idempotency-key" in answer.json["msg"].lower()
    assert bus == []
