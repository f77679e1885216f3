"""What became of a recorded event is told rule by rule, with the configuration of that time."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from local.receiver import Receiver
from notifications.core import event_records
from notifications.core.values import replace
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, delivery, document, event, text
from tests.cloud.services import services
from tests.integration import recorded
from tests.integration.rules import UNKNOWN_RULE

pytestmark = pytest.mark.usefixtures("cloud")

UNKNOWN = (404, "entity-not-found", "database_access_not-found")
TEMPLATE = '{"text": "{{ session_id }}"}'


def explained(event_id: str = "e-1", query: str = "") -> dict[str, Any]:
    """Explain an event."""
    answer = call("GET", f"/notifications/events/{event_id}/explanation{query}")
    assert answer.status == 200, answer
    told: dict[str, Any] = answer.json
    return told


def by_rule(told: dict[str, Any]) -> dict[str, Any]:
    """Return the verdicts by the rules' ids."""
    return {rule["rule_id"]: rule for rule in told["rules"]}


def test_an_event_that_was_dispatched(pipeline: Pipeline) -> None:
    """Each rule is told with the leaf that decided, what was sent to the byte, and what became of it."""
    with Receiver() as receiver:
        channel = add_channel(receiver.url)
        fired = add_rule(channel, message_template=TEMPLATE, condition={"session_type": ["batch"]})
        unmet = add_rule(channel, condition={"session_type": ["interactive"]})
        off = add_rule(channel, enabled=False)
        failed = add_rule(channel, message_template="{{\n\n1 / 0 }}")
        pipeline.dispatch(document())
    told = explained()
    assert (told["status"], told["approximate"], told["notes"], told["total"]) == ("dispatched", False, [], 4)
    assert told["event"]["status"] == "dispatched"
    assert told["as_of"] == event().planned_at
    rules = by_rule(told)
    assert {rule_id: rule["verdict"] for rule_id, rule in rules.items()} == {
        fired.id: "fires",
        unmet.id: "unmet",
        off.id: "withheld",
        failed.id: "failed",
    }
    (request,) = receiver.received
    shown = rules[fired.id]
    assert shown["deciding"]["clause"] == "session_type=batch"
    assert shown["sha256"] == sha256(request.body).hexdigest()
    assert shown["headers"].keys() >= {"webhook-id", "webhook-timestamp", "webhook-signature"}
    assert shown["headers"]["webhook-id"] == request.headers["webhook-id"]
    assert shown["delivery"] == {
        "id": delivery(fired).id,
        "status": "delivered",
        "reason": "status 200",
        "attempt_count": 1,
        "last_status": 200,
        "updated_at": delivery(fired).updated_at,
    }
    assert (rules[off.id]["reason"], rules[off.id]["delivery"]["status"]) == ("rule_disabled", "skipped")
    assert rules[failed.id]["reason"] == rules[failed.id]["delivery"]["reason"]
    assert "line 3" in rules[failed.id]["reason"]
    assert rules[unmet.id]["delivery"] is None


def test_one_rule_and_pages(pipeline: Pipeline) -> None:
    """Rules come page by page, or one alone; one that the type does not have is refused."""
    channel = add_channel("https://127.0.0.1:1/")
    rules = [add_rule(channel, message_template="no") for _ in range(5)]
    pipeline.dispatch(document())
    first = explained(query="?limit=3")
    second = explained(query=f"?limit=3&cursor={first['next']}")
    assert second["next"] is None
    assert [*by_rule(first), *by_rule(second)] == sorted(rule.id for rule in rules)
    assert [*by_rule(explained(query=f"?rule_id={rules[0].id}"))] == [rules[0].id]
    path = "/notifications/events/e-1/explanation"
    assert call("GET", f"{path}?rule_id={uuid4()}").kind == UNKNOWN_RULE
    assert call("GET", f"{path}?limit=0").status == 400
    assert call("GET", f"{path}?rule=1").status == 400


def test_refused_and_unmatched_events(pipeline: Pipeline) -> None:
    """An event that asked no rule says why, and one that met none names each with the leaf."""
    rule = add_rule(add_channel("https://127.0.0.1:1/"), condition={"status": ["ERROR"]})
    pipeline.dispatch(document("none"), document("bad", {}), document("what", **{"detail-type": "what"}))
    unmatched = explained("none")
    assert (unmatched["status"], unmatched["reason"]) == ("unmatched", "no condition met (0 of 1 rule)")
    assert by_rule(unmatched)[rule.id]["deciding"]["seen"] == '"RUNNING"'
    for event_id, reason in (("bad", "required"), ("what", "unknown event type")):
        told = explained(event_id)
        assert (told["status"], told["rules"], told["total"]) == ("refused", [], 0)
        assert told["event"]["status"] == "refused"
        assert reason in told["reason"]
        assert explained(event_id, f"?rule_id={rule.id}")["rules"] == []


def test_a_malformed_event(pipeline: Pipeline) -> None:
    """An event whose fields cannot be read has no verdicts, and says why it was refused."""
    pipeline.dispatch(document(source="other"))
    told = explained()
    assert (told["status"], told["rules"]) == ("refused", [])
    assert told["event"]["reason"].startswith("malformed: source is 'other'")
    assert told["notes"][-1].startswith("The event's fields cannot be read: source is 'other'")


def test_an_event_that_is_being_dispatched(pipeline: Pipeline) -> None:
    """A claim says that nothing is known yet; an event that is dispatched again is told with what is now."""
    now = datetime.now(UTC)
    claim = event_records.claimed(recorded.event(id="c", document="x", listed=False), now + timedelta(1), now)
    services().events.insert([claim])
    told = explained("c")
    assert (told["event"]["status"], told["rules"]) == ("dispatching", [])
    assert told["notes"][0].startswith("The event is not decided yet")
    rule = add_rule(add_channel("https://127.0.0.1:1/"), message_template="no")
    pipeline.dispatch(document())
    services().records.put_many([event_records.reopened(event(), now, now)])
    told = explained()
    assert (told["event"]["status"], by_rule(told)[rule.id]["verdict"]) == ("dispatching", "failed")
    assert told["approximate"]


def test_a_dead_letter() -> None:
    """A dead letter was never decided, so the present configuration answers, and says so."""
    rule = add_rule(add_channel("https://127.0.0.1:1/"), message_template=TEMPLATE)
    record = recorded.event(id="e-1", document=text(document()), status="dead_letter")
    services().records.put_many([record])
    told = explained()
    assert (told["event"]["status"], by_rule(told)[rule.id]["verdict"]) == ("dead_letter", "fires")
    assert told["notes"][0].startswith("The event was never decided")


def test_a_record_of_a_former_release(pipeline: Pipeline) -> None:
    """Without the time of its decision, that of its record is taken, and it says so."""
    add_rule(add_channel("https://127.0.0.1:1/"), message_template="no")
    pipeline.dispatch(document())
    services().records.put_many([replace(event(), planned_at=None)])
    told = explained()
    assert (told["approximate"], told["as_of"]) == (True, event().created_at)
    assert "A former release" in told["notes"][0]


def test_deliveries_of_other_dispatches(pipeline: Pipeline) -> None:
    """A delivery is shown even if the configuration of that time does not explain it."""
    rule = add_rule(add_channel("https://127.0.0.1:1/"), condition={"status": ["ERROR"]}, name="mine")
    pipeline.dispatch(document())
    gone = str(uuid4())
    records = [recorded.delivery(event_id="e-1", rule_id=each) for each in (rule.id, gone)]
    services().records.put_many(records)
    rules = by_rule(explained())
    assert (rules[rule.id]["verdict"], rules[rule.id]["delivery"]["status"]) == ("unmet", "delivered")
    assert (rules[gone]["verdict"], rules[gone]["name"]) == (None, None)
    assert rules[gone]["reason"].startswith("it was not a rule of this type")
    assert rules[gone]["delivery"]["id"] == f"e-1_{gone}"
    assert [*by_rule(explained(query=f"?rule_id={gone}"))] == [gone]


def test_many_deliveries(pipeline: Pipeline) -> None:
    """The deliveries of many rules are read, each beside its rule."""
    channel = add_channel("https://127.0.0.1:1/")
    rules = [add_rule(channel, enabled=False) for _ in range(60)]
    pipeline.dispatch(document())
    told = by_rule(explained())
    assert {rule_id: rule["delivery"]["id"] for rule_id, rule in told.items()} == {
        rule.id: f"e-1_{rule.id}" for rule in rules
    }


def test_an_unknown_event() -> None:
    """Of what is not recorded nothing is told."""
    assert call("GET", "/notifications/events/none/explanation").kind == UNKNOWN
