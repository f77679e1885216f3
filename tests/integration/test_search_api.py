"""The v1 searches of channels and rules, through the real handlers."""

from typing import Any

import pytest

from tests.cloud.gateway import call

pytestmark = pytest.mark.usefixtures("cloud")

INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
SEARCHES = ["/notifications/channels/search", "/notifications/rules/search"]


@pytest.fixture
def names(cloud: None) -> list[str]:  # noqa: ARG001
    """Make five channels, each with a rule of the same name, every second pair disabled."""
    made = ["Beta", "alpha", "Gamma", "delta", "alpha"]
    types = ["session.started", "session.terminated"]
    for number, name in enumerate(made):
        enabled = number % 2 == 0
        channel = {"name": name, "spec": {"url": "https://example.com"}, "enabled": enabled}
        channel_id = call("POST", "/notifications/channels", channel).json["channel"]["id"]
        rule = {"name": name, "rule_type": types[number % 2], "channel_id": channel_id, "enabled": enabled}
        answer = call("POST", "/notifications/rules", {**rule, "message_template": '"m"'})
        assert answer.status == 201
    return made


def search(path: str, **request: Any) -> tuple[list[str], dict[str, int]]:
    """Search and return the names and the pagination."""
    answer = call("POST", path, request)
    assert answer.status == 200, answer
    found = answer.json[path.split("/")[2]]
    return [item["name"] for item in found], answer.json["pagination"]


@pytest.mark.parametrize("path", SEARCHES)
def test_empty_request_finds_all(path: str, names: list[str]) -> None:
    """An empty request finds everything, the oldest first, with the default page."""
    assert search(path) == (names, {"total": 5, "offset": 0, "limit": 50})
    assert search(path, filter=None, order=None) == search(path)


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"name": {"equals": "alpha"}}, ["alpha", "alpha"]),
        ({"name": {"i_contains": "A", "equals": "Beta"}}, ["Beta", "alpha", "Gamma", "delta", "alpha"]),
        ({"name": {"in_": ["Beta", "delta"]}}, ["Beta", "delta"]),
        ({"name": {}}, ["Beta", "alpha", "Gamma", "delta", "alpha"]),
        ({"enabled": False}, ["alpha", "delta"]),
        ({"name": {"equals": "alpha"}, "enabled": True}, ["alpha"]),
        ({"name": {"equals": "nobody"}}, []),
        ({"surplus": 1}, ["Beta", "alpha", "Gamma", "delta", "alpha"]),
    ],
)
@pytest.mark.usefixtures("names")
def test_filter(path: str, condition: dict[str, Any], expected: list[str]) -> None:
    """All conditions of a filter hold for what is found, and total counts only that."""
    found, pagination = search(path, filter=condition)
    assert (found, pagination["total"]) == (expected, len(expected))


@pytest.mark.usefixtures("names")
def test_filter_by_type() -> None:
    """Channels are found by channel type and rules by rule type, in any case; an empty list finds none."""
    channels, rules = SEARCHES
    assert len(search(channels, filter={"channel_types": ["WEBHOOK"]})[0]) == 5
    assert search(channels, filter={"channel_types": ["email"]})[0] == []
    assert search(rules, filter={"rule_types": ["Session.Terminated"]})[0] == ["alpha", "delta"]
    assert search(rules, filter={"rule_types": []})[0] == []


@pytest.mark.parametrize("path", SEARCHES)
def test_order_and_pages(path: str, names: list[str]) -> None:
    """Pages are cut from what was sorted; each tells the total and its own place."""
    order = [{"field": "name", "direction": "asc"}, {"field": "created_at", "direction": "desc"}]
    assert search(path, order=order, limit=2) == (["Beta", "Gamma"], {"total": 5, "offset": 0, "limit": 2})
    assert search(path, order=order, limit=2, offset=4) == (
        ["delta"],
        {"total": 5, "offset": 4, "limit": 2},
    )
    assert search(path, order=order, offset=9)[0] == []
    assert search(path, order=[{"field": "created_at", "direction": "desc"}])[0] == names[::-1]


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize(
    "request_",
    [
        {"limit": 0},
        {"limit": 1_001},
        {"limit": "many"},
        {"offset": -1},
        {"order": [{"field": "id"}]},
        {"order": [{"field": "name", "direction": "up"}]},
        {"order": {"field": "name"}},
        {"filter": []},
        {"filter": {"name": "alpha"}},
        {"filter": {"name": {"equals": 5}}},
        {"filter": {"name": {"in": "alpha"}}},
        {"filter": {"enabled": "perhaps"}},
    ],
)
def test_invalid(path: str, request_: dict[str, Any]) -> None:
    """A search that cannot be is refused."""
    assert call("POST", path, request_).kind == INVALID


@pytest.mark.parametrize("path", SEARCHES)
def test_largest_limit(path: str) -> None:
    """A page may have 1000 items, and nothing to find is no error."""
    assert search(path, limit=1_000) == ([], {"total": 0, "offset": 0, "limit": 1_000})


def test_an_answer_that_no_lambda_can_give_is_refused() -> None:
    """A page that Lambda could not hand on is refused with what to do; a smaller one is given."""
    channel = {"name": "c", "spec": {"url": "https://example.com"}}
    channel_id = call("POST", "/notifications/channels", channel).json["channel"]["id"]
    rule = {"name": "r", "rule_type": "session.started", "channel_id": channel_id}
    large = '"' + "\N{PILE OF POO}" * 65_534 + '"'
    for _ in range(20):
        answer = call("POST", "/notifications/rules", rule | {"message_template": large})
        assert answer.status == 201
    refused = call("POST", "/notifications/rules/search", {})
    assert refused.kind == INVALID
    assert "smaller limit" in refused.json["msg"]
    assert len(call("POST", "/notifications/rules/search", {"limit": 5}).json["rules"]) == 5
