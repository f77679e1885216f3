"""Rules that observe: they match and render, and what they would have sent is recorded."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from local.receiver import Receiver
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration.rules import RULES, create
from tests.integration.test_dispatcher import GOOD, batch, event, handle

pytestmark = pytest.mark.usefixtures("cloud")

__all__ = ["handle"]

TEMPLATE = '{"text": {{ session_id | tojson }}}'


def observed_by(receiver: Receiver, **changes: Any) -> dict[str, Any]:
    """Create a rule that observes, on a receiver's channel."""
    given = {"name": "c", "spec": {"url": receiver.url}}
    channel = call("POST", "/notifications/channels", given).json["channel"]
    return create(channel_id=channel["id"], message_template=TEMPLATE, observe=True, **changes)


def deliveries(**query: str) -> list[dict[str, Any]]:
    """List deliveries."""
    shown = call("GET", f"/notifications/deliveries?{urlencode(query)}").json
    found: list[dict[str, Any]] = shown["deliveries"]
    return found


def test_an_observing_rule_sends_nothing(handle: Any, receiver: Receiver) -> None:
    """Its message is rendered and recorded, the receiver gets no request, and the event has ended."""
    rule = observed_by(receiver)
    result = handle(event())
    (told,) = result["events"][0]["deliveries"]
    assert (result["events"][0]["status"], told["status"], told["reason"]) == ("dispatched", "observed", None)
    assert receiver.received == []
    (listed,) = deliveries(status="observed")
    shown = call("GET", f"/notifications/deliveries/{listed['id']}").json["delivery"]
    assert (shown["rule_id"], json.loads(shown["message"])) == (rule["id"], {"text": GOOD["session_id"]})
    assert (shown["attempts"], shown["next_attempt_at"]) == ([], None)


def test_what_would_fail_is_recorded_as_failed(handle: Any, receiver: Receiver) -> None:
    """An observing rule tells of a message that cannot be rendered, as it would if it sent."""
    rule = observed_by(receiver)
    broken = '{"text": {{ 1 // (session_id | length - 4) }}}'
    assert call("PATCH", f"{RULES}/{rule['id']}?force=true", {"message_template": broken}).status == 200
    (told,) = handle(event())["events"][0]["deliveries"]
    assert told["status"] == "failed"
    assert receiver.received == []


def test_what_was_observed_is_sent_on_request(handle: Any, receiver: Receiver) -> None:
    """A retry makes an observed delivery a pending one, with the message that was recorded."""
    observed_by(receiver)
    handle(event())
    (listed,) = deliveries(status="observed")
    again = call("POST", f"/notifications/deliveries/{listed['id']}/retry", {}).json["delivery"]
    assert (again["status"], json.loads(again["message"])) == ("pending", {"text": GOOD["session_id"]})
    assert deliveries(status="observed") == []


def test_a_rule_that_observes_no_longer_sends(handle: Any, receiver: Receiver) -> None:
    """From the change on events are sent; what was observed before stays so."""
    rule = observed_by(receiver)
    handle(batch(json.dumps(event(id="first"))))
    changed = call("PATCH", f"{RULES}/{rule['id']}", {"observe": False}).json["rule"]
    assert (rule["observe"], changed["observe"]) == (True, False)
    handle(batch(json.dumps(event(id="second"))))
    assert [request.headers["webhook-id"] for request in receiver.received] == [f"second_{rule['id']}"]
    assert [delivery["event_id"] for delivery in deliveries(status="observed")] == ["first"]


def test_an_event_tells_which_configuration_decided(handle: Any, receiver: Receiver) -> None:
    """The recorded time is after the last write that the dispatcher saw, and before the event ended."""
    rule = observed_by(receiver)
    handle(event())
    record = services().events.get("e")
    assert record.planned_at is not None
    assert rule["updated_at"] < record.planned_at < record.updated_at
