"""The v1 routes of rules and rule types, through the real handler."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from notifications.core.rule_types import BRIDGED, STOCK, stock_schema
from tests.cloud.gateway import SUPERADMIN_ID, call
from tests.integration.rules import (
    BAD_TEMPLATE,
    INVALID,
    RULES,
    UNKNOWN_RULE,
    create,
    create_channel,
    request,
)

pytestmark = pytest.mark.usefixtures("cloud")
UNKNOWN = (404, "entity-not-found", "database_access_not-found")


@pytest.fixture
def custom_rule(cloud: None) -> dict[str, Any]:  # noqa: ARG001
    """Make a custom event type and a rule on it."""
    schema = {"type": "object", "properties": {"used": {"type": "integer"}}, "required": ["used"]}
    assert (
        call("POST", "/notifications/event-types", {"name": "quota.hit", "json_schema": schema}).status == 201
    )
    return create(rule_type="quota.hit", message_template="{{ used }}", name="Custom")


def test_rule_types() -> None:
    """The list of rule types is the contract's four."""
    assert call("GET", "/notifications/rule-types").json == {"rule_types": list(STOCK)}


@pytest.mark.parametrize("written", ["session.started", "Session.STARTED"])
def test_schema(written: str) -> None:
    """A rule type's schema is found in any case of its name."""
    answer = call("GET", f"/notifications/rule-types/{written}/schema")
    assert answer.json == {
        "rule_type": "session.started",
        "json_schema": stock_schema(STOCK["session.started"]),
    }


def test_schema_of_unknown_type() -> None:
    """A rule type that does not exist is invalid."""
    assert call("GET", "/notifications/rule-types/session.paused/schema").kind == INVALID


def test_a_mistyped_type_is_told_with_the_nearest() -> None:
    """Whoever makes a rule on a mistyped type is told the nearest one."""
    body = {"name": "A", "rule_type": "sesion.started", "channel_id": str(uuid4()), "message_template": "{}"}
    told = call("POST", RULES, body).json["msg"]
    assert told == "rule_type: 'sesion.started' is not an event type; the nearest is 'session.started'"


def test_create() -> None:
    """A rule is made with the contract's defaults and can be read again."""
    rule = create(name=" A ", rule_type="SESSION.started", surplus=1)
    assert (rule["name"], rule["rule_type"], rule["created_by"]) == ("A", "session.started", SUPERADMIN_ID)
    assert (rule["enabled"], rule["description"]) == (True, None)
    assert rule["created_at"] == rule["updated_at"]
    assert call("GET", f"{RULES}/{rule['id']}").json == {"rule": rule}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"name": ""}, INVALID),
        ({"name": None}, INVALID),
        ({"rule_type": "session.paused"}, INVALID),
        ({"channel_id": "no-uuid"}, INVALID),
        ({"channel_id": str(UUID(int=7))}, INVALID),
        ({"message_template": None}, INVALID),
        ({"message_template": "x" * 65_537}, INVALID),
        ({"message_template": "{{ session_id"}, BAD_TEMPLATE),
        ({"message_template": "{{ sesion_id }}"}, BAD_TEMPLATE),
        ({"message_template": "{{ status | nosuch }}"}, BAD_TEMPLATE),
        ({"message_template": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}"}, BAD_TEMPLATE),
    ],
    ids=lambda value: str(value)[:60],
)
def test_create_invalid(change: dict[str, Any], kind: tuple[int, str, str]) -> None:
    """A rule that cannot be is refused, and none is made."""
    answer = call("POST", RULES, request(**{"channel_id": create_channel(), **change}))
    assert answer.kind == kind
    assert call("POST", f"{RULES}/search?custom=true", {}).json["pagination"]["total"] == 0


def test_longest_template() -> None:
    """A template may have 65536 characters."""
    template = '"' + "é" * 65_534 + '"'
    assert create(message_template=template)["message_template"] == template


def test_update() -> None:
    """What is given is changed, what is absent, null or cannot change stays."""
    before = create(description="d")
    change = {"message_template": "{{ status }}", "enabled": False, "description": None, "rule_type": "x"}
    after = call("PATCH", f"{RULES}/{before['id']}", change).json["rule"]
    expected = {"message_template": "{{ status }}", "enabled": False, "updated_at": after["updated_at"]}
    assert after == {**before, **expected}
    assert after["updated_at"] > before["updated_at"]
    assert call("PATCH", f"{RULES}/{before['id']}", {}).json["rule"] == after


def test_update_with_bad_template() -> None:
    """A template that does not fit the rule's type is refused, and the rule stays as it was."""
    rule = create()
    bad = call("PATCH", f"{RULES}/{rule['id']}", {"name": "New", "message_template": "{{ digest }}"})
    assert bad.kind == BAD_TEMPLATE
    assert "line 1" in bad.json["msg"]
    assert call("GET", f"{RULES}/{rule['id']}").json["rule"] == rule


def test_delete() -> None:
    """A deleted rule is gone; its channel can then be deleted."""
    rule = create()
    assert call("DELETE", f"{RULES}/{rule['id']}").json == {"deleted": True}
    assert call("DELETE", f"{RULES}/{rule['id']}").kind == UNKNOWN
    assert call("DELETE", f"/notifications/channels/{rule['channel_id']}").status == 200


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_unknown_id(method: str) -> None:
    """An id that no rule has is not found; one that is no UUID is invalid."""
    body = {"name": "n"} if method == "PATCH" else None
    assert call(method, f"{RULES}/{uuid4()}", body).kind == UNKNOWN
    assert call(method, f"{RULES}/not-a-uuid", body).kind == INVALID


def test_custom_rule_is_hidden(custom_rule: dict[str, Any]) -> None:
    """A rule on a custom type does not exist for clients that know the contract's types only."""
    path = f"{RULES}/{custom_rule['id']}"
    assert call("GET", path).kind == UNKNOWN
    assert call("PATCH", path, {"name": "n"}).kind == UNKNOWN
    assert call("DELETE", path).kind == UNKNOWN
    assert call("POST", f"{path}/validate", {"notification_data": {"used": 1}}).kind == UNKNOWN_RULE
    assert call("POST", f"{RULES}/search", {}).json["rules"] == []
    assert call("GET", "/notifications/rule-types").json == {"rule_types": list(STOCK)}
    assert call("GET", "/notifications/rule-types/quota.hit/schema").kind == INVALID


@pytest.mark.parametrize("rule_type", BRIDGED)
def test_rule_on_what_the_bridge_makes_is_hidden(rule_type: str) -> None:
    """A rule on a type that Backend.AI's clients do not know is there for who asks for it, and only there."""
    rule = create(rule_type=rule_type, message_template="{{ data }}")
    assert call("GET", f"{RULES}/{rule['id']}").kind == UNKNOWN
    assert call("GET", f"/v2{RULES}/{rule['id']}").kind == UNKNOWN
    assert call("POST", f"{RULES}/search", {}).json["rules"] == []
    assert call("POST", f"/v2{RULES}/search", {}).json["items"] == []
    assert call("GET", f"/notifications/rule-types/{rule_type}/schema").kind == INVALID
    assert call("GET", f"{RULES}/{rule['id']}?custom=true").json["rule"] == rule
    found = call("POST", f"{RULES}/search?custom=true", {"filter": {"rule_types": [rule_type]}})
    assert found.json["rules"] == [rule]


def test_custom_rule_is_shown_to_who_asks(custom_rule: dict[str, Any]) -> None:
    """With ?custom=true a rule on a custom type is like any other."""
    path, custom = f"{RULES}/{custom_rule['id']}", "?custom=true"
    assert call("POST", f"{RULES}/search{custom}", {}).json["rules"] == [custom_rule]
    assert call("GET", path + custom).json["rule"] == custom_rule
    rendered = call("POST", f"{path}/validate{custom}", {"notification_data": {"used": 9}})
    assert rendered.json == {"message": "9"}
    assert call("PATCH", path + custom, {"name": "n"}).json["rule"]["name"] == "n"
    assert call("DELETE", path + custom).json == {"deleted": True}
