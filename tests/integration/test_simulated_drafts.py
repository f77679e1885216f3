"""Drafts of rules in simulations: they stand in for stored rules, or are added to them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.cloud.pipeline import add_channel, add_rule
from tests.integration.simulated import refused, simulated

pytestmark = pytest.mark.usefixtures("cloud")

NEW: dict[str, Any] = {"name": "d", "channel": "ops", "message_template": "1"}


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
