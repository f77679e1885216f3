"""A rule that moves to another channel, and searches by id and by channel."""

from typing import Any
from uuid import uuid4

import pytest

from tests.cloud.gateway import call
from tests.integration.rules import BAD_TEMPLATE, INVALID, RULES, create, create_channel

pytestmark = pytest.mark.usefixtures("cloud")
CHANNELS = "/notifications/channels"


def move(rule: dict[str, Any], channel: str, query: str = "", **changes: Any) -> Any:
    """Move a rule to a channel."""
    return call("PATCH", f"{RULES}/{rule['id']}{query}", {"channel_id": channel, **changes})


def found(path: str, **conditions: Any) -> list[str]:
    """Return the ids that a search finds."""
    reply = call("POST", f"{path}/search", {"filter": conditions}).json
    return [item["id"] for item in reply["rules" if path == RULES else "channels"]]


def test_a_rule_moves_to_another_channel() -> None:
    """From then on it sends there, is counted there, and the old channel can be deleted."""
    rule, other = create(message_template='{"a": 1}'), create_channel()
    moved = move(rule, other)
    assert moved.status == 200
    assert (moved.json["rule"]["channel_id"], moved.json["rule"]["channel"]["id"]) == (other, other)
    assert call("DELETE", f"{CHANNELS}/{other}").status == 409
    assert call("DELETE", f"{CHANNELS}/{rule['channel_id']}").status == 200
    assert call("DELETE", f"{RULES}/{rule['id']}").status == 200
    assert call("DELETE", f"{CHANNELS}/{other}").status == 200


def test_a_move_to_where_it_is_changes_nothing() -> None:
    """The channel's rules are counted once."""
    rule = create(message_template='{"a": 1}')
    assert move(rule, rule["channel_id"]).status == 200
    assert call("DELETE", f"{RULES}/{rule['id']}").status == 200
    assert call("DELETE", f"{CHANNELS}/{rule['channel_id']}").status == 200


def test_a_move_to_no_channel_is_refused() -> None:
    """A channel that does not exist is named as a fault of the request."""
    rule, nowhere = create(message_template='{"a": 1}'), str(uuid4())
    refused = move(rule, nowhere)
    assert refused.kind == INVALID
    assert refused.json["msg"] == f"channel_id: there is no channel {nowhere}"


def test_the_template_is_tried_with_the_new_channel() -> None:
    """A text for a channel that takes text is refused by one that takes JSON, unless it is forced."""
    spec = {"url": "https://example.com", "content_type": "text/plain"}
    plain = call("POST", CHANNELS, {"name": "plain", "spec": spec}).json["channel"]["id"]
    rule, other = create(message_template="just text", channel_id=plain), create_channel()
    assert move(rule, other).kind == BAD_TEMPLATE
    assert move(rule, other, message_template='{"a": 1}').status == 200
    again = create(message_template="just text", channel_id=plain)
    assert move(again, other, "?force=true").status == 200


def test_a_move_can_be_reverted() -> None:
    """A revision has its channel, and reverting brings the rule back to it if it still exists."""
    rule, other = create(message_template='{"a": 1}'), create_channel()
    move(rule, other)
    back = call("POST", f"{RULES}/{rule['id']}/revert", {"to": 1})
    assert back.json["rule"]["channel_id"] == rule["channel_id"]
    move(rule, other)
    call("DELETE", f"{CHANNELS}/{rule['channel_id']}")
    assert call("POST", f"{RULES}/{rule['id']}/revert", {"to": 1}).kind == INVALID


def test_rules_are_found_by_channel_and_by_id() -> None:
    """A search has the rules of one channel, and those whose id begins so."""
    first, second = create(message_template='{"a": 1}'), create(message_template='{"a": 1}')
    assert found(RULES, channel_id=first["channel_id"]) == [first["id"]]
    assert found(RULES, channel_id=str(uuid4())) == []
    assert found(RULES, id={"starts_with": second["id"][:13]}) == [second["id"]]
    assert found(RULES, id={"in": [first["id"], str(uuid4())]}) == [first["id"]]
    assert found(RULES, id={"equals": first["id"]}, channel_id=second["channel_id"]) == []
    assert found(CHANNELS, id={"starts_with": first["channel_id"][:13]}) == [first["channel_id"]]


def test_a_channel_with_its_rules_spares_those_that_moved() -> None:
    """A channel that is deleted with its rules takes only those that are still its own."""
    rule, other = create(message_template='{"a": 1}'), create_channel()
    move(rule, other)
    assert call("DELETE", f"{CHANNELS}/{rule['channel_id']}?force=true").status == 200
    assert call("GET", f"{RULES}/{rule['id']}").status == 200
