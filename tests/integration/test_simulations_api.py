"""What an event would become is told, with drafts of rules if wanted, and nothing is sent."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from tests.cloud.gateway import call
from tests.cloud.pipeline import DATA, add_channel, add_rule
from tests.integration.rules import BAD_TEMPLATE, INVALID, UNKNOWN_RULE

pytestmark = pytest.mark.usefixtures("cloud")

SIMULATIONS = "/notifications/simulations"
TEMPLATE = '{"text": "{{ session_id }}"}'
NEW: dict[str, Any] = {"name": "d", "channel": "ops", "message_template": "1"}
"""A draft that stands in for no stored rule."""


def simulated(**request: Any) -> dict[str, Any]:
    """Simulate an event, by default a started session."""
    body = {"rule_type": "session.started", "notification_data": DATA} | request
    answer = call("POST", SIMULATIONS, body)
    assert answer.status == 200, answer
    told: dict[str, Any] = answer.json
    return told


def refused(**request: Any) -> str:
    """Simulate what cannot be; return why."""
    answer = call("POST", SIMULATIONS, {"rule_type": "session.started", "notification_data": DATA} | request)
    assert answer.kind in {INVALID, BAD_TEMPLATE}, answer
    return str(answer.json["msg"])


def test_each_rule_is_told() -> None:
    """A rule that fires is told with what is sent, and one that does not with the leaf that decides."""
    channel = add_channel("https://receiver.example.com/secret", headers={"X-Api-Key": "k", "X-Team": "ops"})
    fires = add_rule(channel, message_template=TEMPLATE, name="a", id="0" * 8 + str(uuid4())[8:])
    unmet = add_rule(channel, condition={"session_type": ["interactive"]}, id="f" * 8 + str(uuid4())[8:])
    told = simulated()
    assert (told["status"], told["reason"], told["total"], told["next"]) == ("dispatched", None, 2, None)
    first, second = told["rules"]
    assert first == {
        "rule_id": fires.id,
        "name": "a",
        "draft": False,
        "revision": 1,
        "channel_id": channel.id,
        "channel": channel.name,
        "verdict": "fires",
        "reason": None,
        "deciding": None,
        "message": '{"text": "s-1"}',
        "message_cut": False,
        "subject": None,
        "recipients": None,
        "unsent": None,
        "method": "POST",
        "url": "https://receiver.example.com/***",
        "headers": first["headers"],
        "sha256": sha256(b'{"text": "s-1"}').hexdigest(),
        "delivery": None,
        "mute": None,
    }
    assert first["headers"] == {
        "X-Api-Key": "***",
        "X-Team": "ops",
        "User-Agent": first["headers"]["User-Agent"],
        "Content-Type": "application/json",
        "webhook-id": f"simulation_{fires.id}",
        "webhook-timestamp": "***",
        "webhook-signature": "***",
    }
    assert (second["rule_id"], second["verdict"], second["message"]) == (unmet.id, "unmet", None)
    assert second["deciding"] == {
        "path": "session_type",
        "seen": '"batch"',
        "needed": '"interactive"',
        "clause": "session_type=interactive",
    }


def test_nothing_fires() -> None:
    """Without a rule, or without one whose condition is met, the event is unmatched."""
    assert (simulated()["status"], simulated()["reason"]) == ("unmatched", None)
    add_rule(add_channel("https://a.example.com"), condition={"session_type": ["interactive"]})
    assert simulated()["reason"] == "no condition met (0 of 1 rule)"


def test_time_and_sample() -> None:
    """The event's time is given, or is now; its fields may be a sample."""
    add_rule(add_channel("https://a.example.com"), message_template='"{{ timestamp }} {{ session_id }}"')
    at = simulated(timestamp="2026-02-03T04:05:06+09:00")["rules"][0]["message"]
    assert at == '"2026-02-03 04:05:06+09:00 s-1"'
    sampled = simulated(notification_data=None, sample=True)["rules"][0]["message"]
    assert "6f1c1c60" in sampled
    assert "timestamp: must be an ISO 8601 time" in refused(timestamp="soon")
    assert refused(sample=True) == "give either notification_data or sample: true"


def test_bad_events() -> None:
    """What can be no event of the type is refused as when it is sent, and a type's name is corrected."""
    answer = call("POST", SIMULATIONS, {"rule_type": "session.started", "notification_data": {}})
    assert answer.kind == (400, "schema-validation-failed", "backendai_parsing_invalid-parameters")
    told = refused(rule_type="sesion.started")
    assert told == "rule_type: 'sesion.started' is not an event type; the nearest is 'session.started'"
    assert call("POST", f"{SIMULATIONS}?a=1", {}).kind == INVALID


def test_a_new_draft() -> None:
    """A draft of a rule is tried beside the stored ones; its channel may be named."""
    channel = add_channel("https://a.example.com", name="ops")
    stored = add_rule(channel)
    draft = {"name": "d", "channel": "ops", "message_template": '"{{ status }}"', "where": ["status=RUNNING"]}
    told = simulated(rules=[draft])["rules"]
    assert {rule["rule_id"]: rule["draft"] for rule in told} == {stored.id: False, "draft-1": True}
    (found,) = (rule for rule in told if rule["draft"])
    assert (found["verdict"], found["message"], found["name"]) == ("fires", '"RUNNING"', "d")
    assert found["channel"] == "ops"
    (alone,) = simulated(rules=[draft], rule_ids=["DRAFT-1"])["rules"]
    assert alone == found


def test_a_draft_stands_in() -> None:
    """A draft with a stored rule's id or name stands in for it, and what it lacks is the stored rule's."""
    channel = add_channel("https://a.example.com")
    rule = add_rule(channel, name="mine", message_template='"{{ status }}"', condition={"status": ["ERROR"]})
    for changes, verdict, message in (
        ({"id": rule.id, "condition": {}}, "fires", '"RUNNING"'),
        ({"name": "mine", "condition": {"status": ["RUNNING"]}}, "fires", '"RUNNING"'),
        ({"name": "mine", "where": []}, "fires", '"RUNNING"'),
        ({"id": rule.id, "enabled": False, "condition": {}}, "withheld", None),
        ({"id": rule.id, "observe": True, "condition": {}}, "observes", '"RUNNING"'),
        ({"id": rule.id, "message_template": "1"}, "unmet", None),
    ):
        (told,) = simulated(rules=[changes])["rules"]
        assert (told["rule_id"], told["verdict"], told["message"]) == (rule.id, verdict, message)
        assert told["draft"]


def test_drafts_of_other_types_are_left_out() -> None:
    """A file may have drafts for several types; those of others are named and not tried."""
    add_channel("https://a.example.com", name="ops")
    told = simulated(rules=[NEW | {"rule_type": "session.terminated"}])
    assert (told["rules"], told["notes"]) == ([], ["The draft 'd' is not about session.started"])


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (NEW | {"channel": "opps"}, "channel: there is no channel 'opps'; the nearest is 'ops'"),
        (NEW | {"channel": None, "channel_id": str(uuid4())}, "channel_id: there is no channel"),
        (NEW | {"channel_id": "ops"}, "channel: channel_id says the same; give one of them"),
        (NEW | {"channel": "twice"}, "channel: 2 channels are named 'twice': give the id"),
        (NEW | {"channel": None}, "channel: a draft that stands in for no stored rule needs it"),
        (NEW | {"name": None}, "name: a draft that stands in for no stored rule needs it"),
        (NEW | {"message_template": None}, "message_template: a draft that stands in for no stored rule"),
        ({"name": "same", "enabled": True}, "name: 2 rules of session.started have it: give the id"),
        ({"id": str(uuid4())}, "id: There is no rule "),
        (
            NEW | {"rule_type": "sesion.started"},
            "rule_type: 'sesion.started' is not an event type; the nearest",
        ),
        (NEW | {"message_template": "{{ sesion_id }}"}, "message_template: "),
        (NEW | {"message_template": "no JSON"}, "message_template: With a sample of session.started: "),
        (NEW | {"where": ["stats=1"]}, "where: stats: 'stats' is not a field of session.started"),
        (NEW | {"condition": {"stats": [1]}}, "condition: stats: 'stats' is not a field of session.started"),
        (NEW | {"event_filter": {"stats": [1]}}, "event_filter: stats: 'stats' is not a field of"),
        (NEW | {"condition": {"a": []}}, "condition: a: "),
        (NEW | {"condition": {"a": [1]}, "where": ["a"]}, "condition: give the condition or where, not both"),
    ],
)
def test_a_draft_that_could_not_be_saved(draft: dict[str, Any], told: str) -> None:
    """A draft is checked as a rule is when it is saved, and its fault has its place and key."""
    for name in ("ops", "twice", "twice"):
        channel = add_channel("https://a.example.com", name=name)
    for _ in range(2):
        add_rule(channel, name="same")
    assert refused(rules=[NEW | {"name": "good"}, draft]).startswith(f"rules.1.{told}")


def test_drafts_that_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request whose drafts take too long to check is refused before the gateway gives up."""
    from verdicts_api import drafts  # noqa: PLC0415 - it is imported with the function

    add_channel("https://a.example.com", name="ops")
    monkeypatch.setattr(drafts, "MAX_CHECK_SECONDS", -1.0)
    assert refused(rules=[NEW]) == "rules: 1 take too long to check; give fewer at once"
    assert "rules.0.id: " in refused(rules=[{"id": "x"}])


def test_two_drafts_of_one_rule() -> None:
    """A stored rule has one stand-in."""
    rule = add_rule(add_channel("https://a.example.com"), name="mine")
    told = refused(rules=[{"id": rule.id}, {"name": "mine"}])
    assert told == "rules.1.name: another draft stands in for the same rule"


def test_pages() -> None:
    """All rules are told, page by page, each once."""
    channel = add_channel("https://a.example.com")
    rules = [add_rule(channel) for _ in range(7)]
    found: list[str] = []
    cursor = None
    for size in (3, 3, 1):
        page = simulated(limit=3, cursor=cursor)
        cursor = page["next"]
        assert (len(page["rules"]), page["total"]) == (size, 7)
        found += [rule["rule_id"] for rule in page["rules"]]
    assert cursor is None
    assert found == sorted(rule.id for rule in rules)
    assert refused(cursor="bm8") == "cursor: no list has given this one"


def test_long_messages_are_cut() -> None:
    """A long message is cut, unless a single rule is asked for; a page ends before it is too large."""
    channel = add_channel("https://a.example.com")
    rule = add_rule(channel, message_template="\"{{ 'é' * 60_000 }}\"")
    (told,) = simulated()["rules"]
    assert (len(told["message"]), told["message"][-1], told["message_cut"]) == (16_385, "…", True)
    (whole,) = simulated(rule_ids=[rule.id])["rules"]
    assert (len(whole["message"]), whole["message_cut"]) == (60_002, False)
    assert told["sha256"] == whole["sha256"]
    for _ in range(60):
        add_rule(channel, message_template="\"{{ 'é' * 60_000 }}\"")
    page = simulated(limit=1_000)
    assert 1 < len(page["rules"]) < 61
    assert page["next"]


def test_a_page_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page ends when it has taken its time, with one rule at least, and the next one goes on."""
    from verdicts_api import pages  # noqa: PLC0415 - it is imported with the function

    channel = add_channel("https://a.example.com")
    rules = sorted(add_rule(channel).id for _ in range(3))
    monkeypatch.setattr(pages, "MAX_PAGE_SECONDS", 0.0)
    found, cursor = [], None
    for _ in rules:
        page = simulated(cursor=cursor)
        found += [rule["rule_id"] for rule in page["rules"]]
        cursor = page["next"]
    assert (found, cursor) == (rules, None)


def test_an_unknown_rule() -> None:
    """A rule that the type does not have cannot be asked for."""
    body = {"rule_type": "session.started", "sample": True, "rule_ids": [str(uuid4())]}
    assert call("POST", SIMULATIONS, body).kind == UNKNOWN_RULE
