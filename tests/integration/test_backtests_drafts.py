"""Drafts of rules are tried with recorded events; what cannot be tried is refused."""

from typing import Any
from uuid import uuid4

import pytest

from notifications.core.model import Digest, OncePer
from notifications.store import recorded_events
from tests.cloud.pipeline import add_channel
from tests.integration.test_backtests_api import TYPE, ask, keep, made, pages

pytestmark = pytest.mark.usefixtures("cloud")


def test_a_draft_of_its_own() -> None:
    """A draft that stands in for no stored rule is tried with its own channel, by its name."""
    keep({0: {}, 1: {"status": "ERROR"}})
    channel = add_channel("https://192.0.2.1/", name="Ops")
    draft = {"name": "New", "rule_type": TYPE.name, "channel": channel.name, "message_template": "1"}
    (page,) = pages(rule={**draft, "where": ["status=ERROR"]})
    assert (page["rule_id"], page["rule_name"], page["hits"]) == ("draft-1", "New", 1)
    refused = ask(rule=draft, compare=True)
    assert (refused.status, "stands in for no stored rule" in refused.text) == (400, True)


def test_a_draft_stands_in_by_name() -> None:
    """A draft with the name of one stored rule of the type is compared with that."""
    keep({0: {}, 1: {"status": "ERROR"}})
    rule = made(name="Errors", condition={"status": ["ERROR"]})
    (page,) = pages(rule={"name": "Errors", "rule_type": TYPE.name, "condition": {}}, compare=True)
    assert (page["rule_id"], page["hits"]) == (rule.id, 2)
    assert page["difference"] == {
        "both": 1, "only_draft": 1, "only_stored": 0, "first_only_draft": ["e-0"], "first_only_stored": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "name a rule"),
        ({"rule_id": "r", "compare": True}, "no draft to compare"),
        ({"rule_id": "r", "rule": {"where": ["statsu=ERROR"]}}, "rule.where: statsu"),
        ({"rule_id": "r", "rule": {"message_template": "{{ statsu }}"}}, "rule.message_template"),
        ({"rule_id": "r", "rule": {"id": str(uuid4())}}, "rule.id"),
        ({"rule": {"name": "x", "rule_type": "no.such"}}, "rule.rule_type"),
        ({"rule_id": "r", "cursor": "x"}, "cursor"),
        ({"rule_id": "r", "since": "x"}, "since"),
    ],
)
def test_what_cannot_be_tried(body: dict[str, Any], told: str) -> None:
    """What cannot be tried is refused with the place at fault."""
    rule = made()
    answer = ask(**{name: rule.id if value == "r" else value for name, value in body.items()})
    assert answer.status == 400
    assert told in answer.text


def test_an_unknown_rule() -> None:
    """There is nothing to try of a rule that is not there."""
    assert ask(rule_id=str(uuid4())).status == 404
    assert ask(rule_id=str(uuid4()), rule={}).status in {400, 404}


def test_messages_are_counted_after_once_per_and_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the hits it is told how many messages windows make of them, the same over many pages."""
    keep({minute: {} for minute in (0, 4, 9, 11, 30)})
    once = made(once_per=OncePer(600))
    told = made(digest=Digest("10m", (), 2), message_template="{{ count }}")
    (page,) = pages(rule_id=once.id)
    assert (page["hits"], page["messages"], page["samples"][0]["event_id"]) == (5, 3, "e-0")
    (page,) = pages(rule_id=told.id)
    assert (page["hits"], page["messages"]) == (5, 3)
    assert pages(rule_id=made().id)[0]["messages"] is None
    monkeypatch.setattr(recorded_events, "PAGE_EVENTS", 2)
    cursor = windows = None
    messages = 0
    while True:
        reply = ask(rule_id=once.id, cursor=cursor, windows=windows).json
        messages, cursor, windows = messages + reply["messages"], reply["next"], reply["windows"]
        if cursor is None:
            break
    assert messages == 3
    made_up = ("made up", '[{"a":1e999},{"a":[1,1e999]}]', f'[{{"a":{"9" * 400}}},{{}}]')
    assert [ask(rule_id=once.id, windows=each).status for each in made_up] == [400] * 3
    assert [ask(rule_id=each).status for each in ("", "a" * 3_000, "\x00")] == [400] * 3
