"""Explanations and simulations tell what windows made, and would make, of an event; they open none."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from local.receiver import Receiver, Reply
from notifications.core.model import Rule
from notifications.core.windows import repeats
from tests.cloud.gateway import call
from tests.cloud.pipeline import DATA, Pipeline, document, dynamodb_calls
from tests.integration.collapsing import digest, dispatch, later, once, own, set_clock


@pytest.fixture(autouse=True)
def _clock(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it imports them
    set_clock(monkeypatch)
    monkeypatch.setattr("tests.integration.collapsing.Clock.at", datetime.now(UTC))


def explained(event_id: str, rule: Rule) -> dict[str, Any]:
    """Explain what a rule made of an event."""
    answer = call("GET", f"/notifications/events/{event_id}/explanation")
    assert answer.status == 200, answer
    (told,) = [each for each in answer.json["rules"] if each["rule_id"] == rule.id]
    return dict(told)


def simulated(rule: Rule, **request: Any) -> dict[str, Any]:
    """Tell what a rule would make of an event now."""
    body = {"rule_type": "session.started", "notification_data": DATA} | request
    answer = call("POST", "/notifications/simulations", body)
    assert answer.status == 200, answer
    (told,) = [each for each in answer.json["rules"] if each["rule_id"] == rule.id]
    return dict(told)


def test_a_repeat_is_explained(pipeline: Pipeline, receiver: Receiver) -> None:
    """It is told of which delivery it is a repeat, and the first fires with the bytes that were sent."""
    rule = once(receiver.url)
    dispatch(pipeline, "e-1", "e-2", "e-3")
    later(minutes=10)
    dispatch(pipeline, "e-4")
    told = explained("e-3", rule)
    assert (told["verdict"], told["reason"]) == ("repeated", f"repeat of e-1_{rule.id} (3rd in 10m)")
    assert (told["delivery"]["status"], told["message"]) == ("skipped", None)
    last = explained("e-4", rule)
    assert (last["verdict"], last["message"]) == ("fires", '"e-4 2"')
    assert last["sha256"] == sha256(receiver.received[-1].body).hexdigest()


def test_a_repeat_that_was_only_counted_is_explained(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a record of its delivery it is told why there is none."""
    monkeypatch.setattr(repeats, "MAX_RECORDED", 0)
    rule = once(receiver.url)
    dispatch(pipeline, "e-1", "e-2")
    told = explained("e-2", rule)
    assert (told["verdict"], told["delivery"]) == ("repeated", None)
    assert told["reason"] == "a repeat of an hour with more than 10,000, which are only counted"


def test_a_repeat_is_simulated(pipeline: Pipeline, receiver: Receiver) -> None:
    """The present window is looked at, and neither opened nor counted in."""
    rule = once(receiver.url, by=("session_type",))
    assert simulated(rule)["verdict"] == "fires"
    dispatch(pipeline, "e-1")
    for _ in range(2):
        told = simulated(rule)
        assert (told["verdict"], told["reason"]) == ("repeated", f"repeat of e-1_{rule.id} (2nd in 10m)")
    assert simulated(rule, notification_data=DATA | {"session_type": "interactive"})["verdict"] == "fires"
    assert simulated(rule, windows=False)["verdict"] == "fires"
    with dynamodb_calls() as calls:
        simulated(rule)
    assert {*calls} <= {"GetItem", "BatchGetItem", "Query"}


def test_what_would_open_a_window_again_is_simulated(pipeline: Pipeline) -> None:
    """An event after a first that failed for good fires, and tells what was suppressed."""
    with Receiver(lambda _: Reply(400)) as receiver:
        rule = once(receiver.url)
        dispatch(pipeline, "e-1")
        assert simulated(rule)["message"] == '"s-1 0"'


def test_a_member_of_a_digest_is_explained(pipeline: Pipeline, receiver: Receiver) -> None:
    """In which digest it is, and what became of that."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1", "e-2")
    sent = own(rule, "e-1")
    told = explained("e-1", rule)
    assert told["verdict"] == "collected"
    assert told["reason"].startswith(f"in {sent.event_id}, which closes at 20")
    pipeline.drain()
    told = explained("e-1", rule)
    assert told["reason"] == f"in {sent.event_id}, which is delivered (status 200)"
    assert told["delivery"]["status"] == "collected"


def test_a_digest_is_explained(pipeline: Pipeline, receiver: Receiver) -> None:
    """Which events it has, and what was sent to the byte."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1", "e-2")
    digest_id = own(rule, "e-1").event_id
    assert explained(digest_id, rule)["verdict"] == "collected"
    pipeline.drain()
    answer = call("GET", f"/notifications/events/{digest_id}/explanation")
    assert answer.json["notes"] == ["A digest of 2 events of session.started: e-1, e-2"]
    (told,) = answer.json["rules"]
    assert (told["verdict"], told["message"]) == ("fires", '"2: e-1 e-2 "')
    assert told["sha256"] == sha256(receiver.received[-1].body).hexdigest()
    assert told["delivery"]["status"] == "delivered"


def test_a_digest_that_failed_is_explained(pipeline: Pipeline, receiver: Receiver) -> None:
    """Why its message could not be made."""
    rule = digest(receiver.url, message_template="{{ 1 // (count - count) }}")
    dispatch(pipeline, "e-1")
    pipeline.drain()
    told = explained(own(rule, "e-1").event_id, rule)
    assert told["verdict"] == "failed"
    assert "ZeroDivisionError" in told["reason"]


def test_a_digest_is_simulated(pipeline: Pipeline, receiver: Receiver) -> None:
    """Which digest an event would join, with the message that it would make alone; none is opened."""
    rule = digest(receiver.url)
    told = simulated(rule)
    assert (told["verdict"], told["message"]) == ("collected", '"1: s-1 "')
    assert told["reason"].startswith("opens a digest that closes at 20")
    dispatch(pipeline, "e-1", "e-2")
    told = simulated(rule)
    assert told["reason"].startswith(
        f"joins {own(rule, 'e-1').event_id}, which has 2 events and closes at 20"
    )
    with dynamodb_calls() as calls:
        simulated(rule)
    assert {*calls} <= {"GetItem", "BatchGetItem", "Query"}


def test_a_digest_and_its_members_are_listed(pipeline: Pipeline, receiver: Receiver) -> None:
    """A digest has its own line among events and deliveries, and members are found by their status."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1", "e-2")
    digest_id = own(rule, "e-1").event_id
    listed = call("GET", "/notifications/events?rule_type=notification.digest").json["events"]
    assert [each["id"] for each in listed] == [digest_id]
    assert call("GET", f"/notifications/events/{digest_id}").json["event"]["data"]["rule_id"] == rule.id
    members = call("GET", "/notifications/deliveries?status=collected").json["deliveries"]
    assert {each["event_id"] for each in members} == {"e-1", "e-2"}
    waiting = call("GET", f"/notifications/deliveries/{digest_id}_{rule.id}").json["delivery"]
    assert (waiting["status"], waiting["reason"]) == ("pending", "collects events")


def test_no_event_is_taken_for_a_digest(pipeline: Pipeline) -> None:
    """The type of digests is nobody's: an event that claims it is refused, and explained as such."""
    schema = {"type": "object", "properties": {}}
    named = {"name": "notification.digest", "json_schema": schema}
    answer = call("POST", "/notifications/event-types", named)
    assert answer.status == 409, answer
    pipeline.dispatch(document("e-1", {}, **{"detail-type": "notification.digest"}))
    told = call("GET", "/notifications/events/e-1/explanation").json
    assert (told["status"], told["reason"], told["rules"]) == ("refused", "unknown event type", [])
