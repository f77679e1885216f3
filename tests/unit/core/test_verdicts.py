"""What each rule makes of an event is what the dispatcher's decision makes of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from notifications.core.deciding import UNKNOWN_TYPE, decide
from notifications.core.matching import IndexedRules
from notifications.core.model import Event, Rule
from notifications.core.routing import Routing
from notifications.core.rule_types import BUILT_IN
from notifications.core.verdicts import Verdict, Verdicts
from tests.samples.configuration import STARTED, channel, rule

NAME = "session.started"
ON, OFF = channel(id="on"), channel(id="off", enabled=False)
EVENT = Event("e-1", NAME, datetime(2026, 1, 15, 10, 30, tzinfo=UTC), STARTED)
TEMPLATE = '{"text": {{ session_id | tojson }}}'


def routing(*rules: Rule) -> Routing:
    """Route to these rules."""
    return Routing(BUILT_IN[NAME], IndexedRules(rules), {"on": ON, "off": OFF})


def made(**changes: Any) -> Rule:
    """Make a rule on the channel that is on."""
    return rule(**{"channel_id": "on", "message_template": TEMPLATE, **changes})


def verdict(of: Rule) -> Verdict:
    """Return the verdict on one rule."""
    return Verdicts(EVENT, routing(of), EVENT.timestamp).of(of)


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({}, "fires", None),
        ({"observe": True}, "observes", None),
        ({"condition": {"status": ["RUNNING"]}}, "fires", None),
        ({"condition": {"status": ["ERROR"]}}, "unmet", 'status is "RUNNING", needed: "ERROR"'),
        ({"enabled": False}, "withheld", "rule_disabled"),
        ({"channel_id": "off"}, "withheld", "channel_disabled"),
        ({"channel_id": "gone"}, "withheld", "channel_deleted"),
        (
            {"enabled": False, "condition": {"status": ["ERROR"]}},
            "unmet",
            'status is "RUNNING", needed: "ERROR"',
        ),
        ({"message_template": " "}, "empty", "empty message"),
        ({"message_template": "{{ 1 // 0 }}"}, "failed", "line 1"),
        ({"condition": {"status": [{"unheard-of": 1}]}}, "failed", "unheard-of"),
    ],
)
def test_each_verdict(changes: dict[str, Any], name: str, reason: str | None) -> None:
    """Each way in which a rule may send or not has a verdict of its own, with the reason in words."""
    found = verdict(made(**changes))
    assert found.name == name, found
    assert (found.reason or "") == "" if reason is None else reason in (found.reason or "")


def test_what_fires_has_the_bytes_that_are_sent() -> None:
    """The request has the rendered body, and the digest is of its bytes."""
    found = verdict(made())
    assert found.request is not None
    assert json.loads(found.request.body) == {"text": STARTED["session_id"]}
    assert found.sha256 == sha256(found.request.body).hexdigest()
    assert verdict(made(observe=True)).sha256 == found.sha256


def test_a_condition_has_its_deciding_leaf() -> None:
    """Met or not, the leaf says what was seen and what was needed; without a condition there is none."""
    met, unmet = made(condition={"status": ["RUNNING"]}), made(condition={"status": ["ERROR"]})
    for each in (verdict(met), verdict(unmet)):
        assert each.leaf is not None
        assert (each.leaf.path, each.leaf.seen) == ("status", '"RUNNING"')
    assert verdict(made()).leaf is None


def test_the_verdicts_agree_with_the_decision() -> None:
    """The status and reason are the decision's, and the rules that fire are its matches, in order."""
    rules = [made(id=f"r-{n}", condition={"status": ["RUNNING" if n % 3 else "ERROR"]}) for n in range(9)]
    rules[4] = replace(rules[4], enabled=False)
    now = EVENT.timestamp
    decision, told = decide(EVENT, routing(*rules), now), Verdicts(EVENT, routing(*rules), now)
    assert (told.status, told.reason) == (decision.status, decision.reason)
    firing = [rule.id for rule in rules if told.of(rule).name == "fires"]
    assert firing == [found.rule.id for found in decision.matches]


@pytest.mark.parametrize(
    ("rules", "reason"),
    [([], None), ([{"status": ["ERROR"]}] * 2, "no condition met (0 of 2 rules)")],
)
def test_an_event_that_meets_nothing(rules: list[dict[str, Any]], reason: str | None) -> None:
    """It is unmatched, and if there are rules the reason counts them."""
    found = Verdicts(
        EVENT, routing(*(made(id=f"r-{n}", condition=each) for n, each in enumerate(rules))), EVENT.timestamp
    )
    assert (found.status, found.reason) == ("unmatched", reason)


def test_what_is_refused_reaches_no_rule() -> None:
    """An event of no known type, or that does not fit its type, is refused with the reason."""
    unknown = Verdicts(EVENT, Routing(None, IndexedRules(()), {}), EVENT.timestamp)
    assert (unknown.status, unknown.reason) == ("refused", UNKNOWN_TYPE)
    unfit = Verdicts(replace(EVENT, data={"status": 1}), routing(made()), EVENT.timestamp)
    assert unfit.status == "refused"
    assert "status" in (unfit.reason or "")
