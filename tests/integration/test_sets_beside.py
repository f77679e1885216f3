"""A set beside what it does not have: rules of others, other sets, and channels that its rules name."""

import pytest

from tests.integration import channels, rules
from tests.integration.sets import TEXT, apply, changes, document, faults, ids, plan, properties

pytestmark = pytest.mark.usefixtures("cloud")


def test_what_would_break_rules_of_others_is_a_fault() -> None:
    """Rules that the document does not have must go on: with a new schema, a new spec, and a deletion."""
    made = ids(apply(document()))
    other = rules.create(
        channel_id=made["ops"], rule_type="quota.exceeded", message_template='{"p": "{{ project }}"}'
    )
    given = document(
        event_types={"quota.exceeded": {"json_schema": properties("share")}},
        channels={"ops": {"spec": TEXT}},
        rules={},
        mutes={},
    )
    found = faults(given)
    assert [place for place, _ in found] == [
        ("event_types", "quota.exceeded", "json_schema"),
        ("channels", "ops", "spec"),
    ]
    assert all(other["id"] in told for _, told in found)
    found = faults({"set": "prod"})
    assert [place for place, _ in found] == [("event_types", "quota.exceeded"), ("channels", "ops")]
    assert all(other["id"] in told for _, told in found)
    assert changes({"set": "prod", "prune": False}) == []


def test_a_spec_that_rules_of_others_cannot_use_is_a_fault() -> None:
    """A content type that a rule outside of the set does not render is refused, with the rule."""
    made = ids(apply(document(channels={"ops": {"spec": TEXT}}, rules={}, mutes={})))
    other = rules.create(channel_id=made["ops"], message_template="only text")
    found = faults(document(rules={}, mutes={}))
    assert [place for place, _ in found] == [("channels", "ops", "spec")]
    assert other["id"] in found[0][1]


def test_sets_leave_each_other_alone() -> None:
    """Another set may have the same keys, and neither deletes what the other has."""
    apply(document())
    other = {**document(event_types={}, mutes={}), "set": "test"}
    assert changes(other) == [("create", "channel", "ops"), ("create", "rule", "quota")]
    apply(other)
    assert changes(document()) == []
    assert faults({**document(), "set": "test"}) == [
        (("event_types", "quota.exceeded"), "it belongs to the set prod, which must give it up first")
    ]


def test_a_channel_outside_of_the_set() -> None:
    """A rule may name a channel by its id, or by a name that one channel has."""
    made = channels.create("Elsewhere")
    template = {"rule_type": "session.started", "message_template": '{"id": "{{ session_id }}"}'}
    by_id = {"set": "prod", "rules": {"a": {**template, "channel": {"id": made["id"]}}}}
    by_name = {"set": "prod", "rules": {"a": {**template, "channel": {"name": "Elsewhere"}}}}
    (change,) = plan(by_name)["changes"]
    assert {"path": "channel", "before": None, "after": {"id": made["id"], "name": "Elsewhere"}} in change[
        "differences"
    ]
    apply(by_name)
    assert changes(by_id) == []


def test_what_the_document_has_is_named_by_its_key() -> None:
    """A name of one of its own is refused, since the document may change it, and find nothing then."""
    given = document(mutes={})
    given["channels"]["ops"]["name"] = "Ops"
    apply(given)
    given["rules"]["quota"]["channel"] = {"name": "Ops"}
    told = "'Ops' is of this document: write its key, ops"
    assert faults(given) == [(("rules", "quota", "channel", "name"), told)]
