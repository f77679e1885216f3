"""What an event would become is told, with drafts of rules if wanted, and nothing is sent."""

from hashlib import sha256
from uuid import uuid4

import pytest

from tests.cloud.gateway import call
from tests.cloud.pipeline import add_channel, add_rule
from tests.integration.rules import INVALID, UNKNOWN_RULE
from tests.integration.simulated import SIMULATIONS, TEMPLATE, refused, simulated

pytestmark = pytest.mark.usefixtures("cloud")

"""A draft that stands in for no stored rule."""


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
