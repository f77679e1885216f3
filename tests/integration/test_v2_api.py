"""What the v2 routes do otherwise than the v1 routes, through the real handlers."""

from typing import Any

import pytest

from tests.cloud.gateway import call

pytestmark = pytest.mark.usefixtures("cloud")

INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
CHANNELS = "/v2/notifications/channels"
RULES = "/v2/notifications/rules"
MAIL = {
    "smtp": {"host": "mail.example.com", "port": 587},
    "message": {"from_email": "ops@example.com", "to_emails": ["a@example.com"]},
    "auth": {"username": "ops", "password": "s3cret"},
}


def create(name: str, **spec: Any) -> Any:
    """Create a channel; a webhook without a spec."""
    wrapped = spec or {"webhook": {"url": "https://example.com/hook"}}
    request = {"name": name, "description": "d", "channel_type": next(iter(wrapped)), "spec": wrapped}
    answer = call("POST", CHANNELS, request)
    assert answer.status == 201, answer
    return answer.json["channel"]


@pytest.fixture
def five(cloud: None) -> list[str]:  # noqa: ARG001
    """Make channels a to e, of which c is an email channel; return their ids."""
    return [create(name, **({"email": MAIL} if name == "c" else {}))["id"] for name in "abcde"]


def names(**request: Any) -> str:
    """Search channels and return the names, one letter each."""
    answer = call("POST", f"{CHANNELS}/search", request)
    assert answer.status == 200, answer
    return "".join(channel["name"] for channel in answer.json["items"])


def test_a_spec_says_what_it_is() -> None:
    """A reply's spec has its channel type in it, and no password anywhere."""
    assert create("hook")["spec"]["channel_type"] == "webhook"
    mail = create("mail", email=MAIL)
    assert (mail["spec"]["channel_type"], mail["spec"]["auth"]) == ("email", {"username": "ops"})


@pytest.mark.parametrize(
    "change",
    [
        {"spec": {}},
        {"spec": {"webhook": {"url": "https://example.com"}, "email": MAIL}},
        {"channel_type": "email"},
        {"channel_type": "pager"},
        {"name": "  "},
        {"spec": {"webhook": {"url": "https://example.com", "method": "GET"}}},
    ],
)
def test_what_is_not_a_channel_is_refused(change: dict[str, Any]) -> None:
    """Not exactly one spec, one of another type, an unknown type, a blank name and GET are invalid."""
    request = {"name": "n", "channel_type": "webhook", "spec": {"webhook": {"url": "https://example.com"}}}
    assert call("POST", CHANNELS, request | change).kind == INVALID


def test_null_clears_the_description_and_absence_keeps_it() -> None:
    """In a PATCH an absent description stays, null removes it, and null elsewhere changes nothing."""
    path = f"{CHANNELS}/{create('n')['id']}"
    kept = call("PATCH", path, {"name": "new", "enabled": None}).json["channel"]
    assert (kept["name"], kept["description"], kept["enabled"]) == ("new", "d", True)
    assert call("PATCH", path, {"description": None}).json["channel"]["description"] is None


def test_a_new_url_keeps_what_the_client_can_not_say() -> None:
    """Changing a webhook's URL keeps its method, headers and timeout, secrets with them."""
    spec = {"url": "https://example.com/1", "method": "PUT", "headers": {"X-Token": "t"}, "timeout": 5}
    path = f"{CHANNELS}/{create('n', webhook=spec)['id']}"
    changed = call("PATCH", path, {"spec": {"webhook": {"url": "https://example.com/2"}}}).json["channel"][
        "spec"
    ]
    assert (changed["url"], changed["method"], changed["timeout"]) == ("https://example.com/2", "PUT", 5)
    assert changed["headers"] == {"X-Token": None}


def test_a_channel_keeps_its_type() -> None:
    """A webhook channel takes no mail spec."""
    path = f"{CHANNELS}/{create('n')['id']}"
    assert call("PATCH", path, {"spec": {"email": MAIL}}).kind == INVALID


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"channel_type": {"equals": "EMAIL"}}, "c"),
        ({"channel_type": {"not_equals": "email"}}, "abde"),
        ({"channel_type": {"in_": ["email"]}}, "c"),
        ({"channel_type": {"not_in": ["email", "webhook"]}}, ""),
        ({"OR": [{"name": {"equals": "a"}}, {"channel_type": {"equals": "email"}}]}, "ac"),
        ({"NOT": [{"name": {"in_": ["a", "b"]}}, {"name": {"equals": "e"}}]}, "cd"),
        (
            {"AND": [{"name": {"not_equals": "a"}}, {"OR": [{"name": {"i_equals": "B"}}]}], "enabled": True},
            "b",
        ),
        ({"name": {"equals": "a"}, "NOT": [{"enabled": True}]}, ""),
    ],
)
@pytest.mark.usefixtures("five")
def test_filters(condition: dict[str, Any], found: str) -> None:
    """Types and names are filtered, and AND, OR and NOT combine."""
    assert names(filter=condition) == found


@pytest.mark.usefixtures("five")
def test_order() -> None:
    """Directions are upper case, and descending without one."""
    assert names(order=[{"field": "name"}]) == "edcba"
    assert names(order=[{"field": "name", "direction": "ASC"}]) == "abcde"
    assert (
        call("POST", f"{CHANNELS}/search", {"order": [{"field": "name", "direction": "asc"}]}).kind == INVALID
    )


def test_pages(five: list[str]) -> None:
    """Pages are taken by offset, from the start, from the end, or next to an item."""
    order = [{"field": "name", "direction": "ASC"}]
    assert names(order=order, limit=2, offset=1) == "bc"
    assert names(order=order, first=2) == "ab"
    assert names(order=order, first=2, after=five[1]) == "cd"
    assert names(order=order, last=2) == "de"
    assert names(order=order, last=2, before=five[3]) == "bc"
    assert names(order=order, last=9, before=five[1]) == "a"
    page = call("POST", f"{CHANNELS}/search", {"order": order, "first": 2, "after": five[0]}).json
    assert (page["total_count"], page["has_next_page"], page["has_previous_page"]) == (5, True, True)
    page = call("POST", f"{CHANNELS}/search", {"order": order, "last": 1}).json
    assert (page["has_next_page"], page["has_previous_page"]) == (False, True)


@pytest.mark.parametrize(
    "request_",
    [
        {"first": 1, "limit": 1},
        {"after": "x", "offset": 0},
        {"first": 0},
        {"limit": 1001},
        {"after": "nobody"},
    ],
)
@pytest.mark.usefixtures("five")
def test_bad_pages(request_: dict[str, Any]) -> None:
    """Two ways of paging at once, sizes out of range and unknown cursors are invalid."""
    assert call("POST", f"{CHANNELS}/search", request_).kind == INVALID


def test_filters_nested_too_deeply_are_refused() -> None:
    """A filter may be nested only so deep."""
    nested: dict[str, Any] = {}
    for _ in range(9):
        nested = {"NOT": [nested]}
    assert call("POST", f"{CHANNELS}/search", {"filter": nested}).kind == INVALID


def test_a_rule_is_shown_with_its_channel_and_hides_custom_types() -> None:
    """A rule of a known type has its channel in it; one of a custom type is not to be seen."""
    channel = create("n")
    schema = {"type": "object", "properties": {"x": {"type": "string"}}}
    call("POST", "/notifications/event-types", {"name": "custom.one", "json_schema": schema})
    made = [
        call(
            *("POST", RULES),
            {"name": "r", "rule_type": kind, "channel_id": channel["id"], "message_template": "5"},
        ).json["rule"]
        for kind in ("session.started", "custom.one")
    ]
    found = call("POST", f"{RULES}/search", {}).json["items"]
    shown = {**channel, "spec": {**channel["spec"], "url": "https://example.com/***"}}
    assert [(rule["id"], rule["channel"]) for rule in found] == [(made[0]["id"], shown)]
    assert [(node["entity_id"], node["channel_id"]) for node in found] == [(made[0]["id"], channel["id"])]
    assert shown["entity_id"] == shown["id"]
    assert (
        call("GET", f"{RULES}/{made[0]['id']}").json["item"]["channel"]["spec"]["channel_type"] == "webhook"
    )
    assert call("GET", f"{RULES}/{made[1]['id']}").status == 404
    assert call("POST", f"{RULES}/delete", {"id": made[1]["id"]}).status == 404


def test_delete_and_validate_name_the_id_in_the_body() -> None:
    """Deleting answers the id; an unknown or malformed one is told as on the v1 routes."""
    channel_id = create("n")["id"]
    assert call("POST", f"{CHANNELS}/delete", {"id": channel_id}).json == {"id": channel_id}
    assert call("POST", f"{CHANNELS}/delete", {"id": channel_id}).status == 404
    assert call("POST", f"{CHANNELS}/delete", {"id": "x"}).kind == INVALID
    assert call("POST", f"{CHANNELS}/validate", {"id": channel_id, "test_message": "m"}).slug == (
        "notification-channel-not-found"
    )
    rule = {"id": channel_id, "notification_data": None}
    assert call("POST", f"{RULES}/validate", rule).slug == "notification-rule-not-found"
