"""Values that no store, header or mail can carry are refused with 400, never with 500."""

from typing import Any

import pytest

from notifications.core.events import MAX_FIELDS_BYTES
from tests.cloud.gateway import call

pytestmark = pytest.mark.usefixtures("cloud")

INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
CHANNELS = "/notifications/channels"
URL = "https://example.com/hook"
SMTP = {"host": "mail.example.com", "port": 587}
MESSAGE = {"from_email": "ops@example.com", "to_emails": ["a@example.com"]}
ACCOUNT = {"username": "ops", "password": "s3cret"}


@pytest.mark.parametrize(
    "change",
    [
        {"url": URL, "success_status_codes": [200] * 101},
        {"url": URL, "headers": {"X" * 257: "v"}},
        {"url": URL, "headers": {"X-Long": "v" * 4_097}},
        {"url": "https://b\u00fccher.example/"},
        {"url": "https://example..com/"},
        {"smtp": SMTP | {"host": "a:25"}, "message": MESSAGE},
        {"smtp": SMTP, "message": MESSAGE | {"from_email": "a@b..c"}},
        {"smtp": SMTP, "message": MESSAGE | {"to_emails": ["a..b@example.com"]}},
        {"smtp": SMTP, "message": MESSAGE | {"to_emails": ["a@" + "b" * 300]}},
        {"smtp": SMTP, "message": MESSAGE | {"to_emails": []}},
        {"smtp": SMTP, "message": MESSAGE, "auth": {"username": "ops"}},
        {"smtp": SMTP, "message": MESSAGE, "auth": {"password": "s3cret"}},
        {"smtp": SMTP, "message": MESSAGE, "auth": ACCOUNT | {"password": "a\0b"}},
        {"smtp": SMTP, "message": MESSAGE, "auth": ACCOUNT | {"password": "x" * 1_025}},
    ],
)
def test_specs(change: dict[str, Any]) -> None:
    """A spec that cannot be used is refused when the channel is saved."""
    kind = "email" if "smtp" in change else "webhook"
    assert call("POST", CHANNELS, {"name": "n", "channel_type": kind, "spec": change}).kind == INVALID


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\nID: forged", "a\0b"])
def test_names_without_control_characters(name: str) -> None:
    """A name that could forge a line of a terminal is refused."""
    assert call("POST", CHANNELS, {"name": name, "spec": {"url": URL}}).kind == INVALID


def test_a_mail_channel_is_told_what_it_lacks() -> None:
    """An email channel without a server is told so, and nothing of a URL."""
    answer = call("POST", CHANNELS, {"name": "n", "channel_type": "Email", "spec": {}})
    assert answer.kind == INVALID
    assert "smtp" in answer.json["msg"]
    assert "url" not in answer.json["msg"]


def test_a_message_is_told_as_it_is() -> None:
    """What a validator says stands alone, without the library's own words before it."""
    spec = {"url": URL, "method": "GET"}
    answer = call("POST", CHANNELS, {"name": "n", "spec": spec})
    assert (
        answer.json["data"]["errors"][0]["msg"]
        == "GET has no body to carry the message; use POST, PUT or PATCH"
    )


def test_a_header_keeps_its_value_in_any_spelling() -> None:
    """A header of null keeps the stored value, however its name is written."""
    spec = {"url": URL, "headers": {"Ocp-Apim-Subscription-Key": "s3cret"}}
    channel_id = call("POST", CHANNELS, {"name": "n", "spec": spec}).json["channel"]["id"]
    changed = {"spec": {"url": URL, "headers": {"ocp-apim-subscription-key": None}}}
    answer = call("PATCH", f"{CHANNELS}/{channel_id}", changed)
    assert answer.json["channel"]["spec"]["headers"] == {"ocp-apim-subscription-key": None}
    assert "s3cret" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/notifications/event-types/" + "x" * 1_500, None, 404),
        ("GET", "/notifications/event-types/a b", None, 404),
        ("GET", "/notifications/rule-types/a%2Fb/schema", None, 400),
        ("POST", "/notifications/rules/search", {"filter": {"rule_types": ["session.startd"]}}, 400),
        ("POST", "/notifications/rules/search?custom=true", {"filter": {"rule_types": ["custom.no"]}}, 400),
        ("POST", "/notifications/channels/search", {"filter": {"channel_types": ["pager"]}}, 400),
        (
            "POST",
            "/v2/notifications/channels/search",
            {"filter": {"NOT": [{"channel_type": {"equals": "x"}}]}},
            400,
        ),
        ("POST", "/v2/notifications/rules/search", {"filter": {"rule_type": {"in_": ["custom.no"]}}}, 400),
    ],
)
def test_names_that_nothing_has(method: str, path: str, body: Any, status: int) -> None:
    """Names that are too long, need encoding or do not exist are told as such, with a valid signature."""
    assert call(method, path, body).status == status


def test_a_rule_type_that_is_no_name() -> None:
    """A rule type longer than any name is refused before it is looked for."""
    rule = {"name": "r", "rule_type": "x" * 3_000, "message_template": "m"}
    channel_id = "550e8400-e29b-41d4-a716-446655440000"
    assert call("POST", "/notifications/rules", rule | {"channel_id": channel_id}).kind == INVALID


def test_an_event_larger_than_the_bus_takes() -> None:
    """An event over EventBridge's limit is refused with its size."""
    data = {"session_id": "x" * 1_046_500, "session_type": "b", "cluster_mode": "c", "status": "R"}
    answer = call(
        "POST", "/notifications/events", {"rule_type": "session.started", "notification_data": data}
    )
    assert answer.kind == INVALID
    assert str(MAX_FIELDS_BYTES) in answer.json["msg"]
