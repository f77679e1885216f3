"""The v1 routes of channels, through the real handler."""

import re
from typing import Any
from uuid import uuid4

import pytest

from local.receiver import Receiver
from tests.cloud.gateway import SUPERADMIN_ID, call
from tests.integration.channels import CHANNELS, URL, create, get
from tests.integration.rules import INVALID

pytestmark = pytest.mark.usefixtures("cloud")

UNKNOWN = (404, "entity-not-found", "database_access_not-found")
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"


def test_create_with_defaults() -> None:
    """A channel with nothing but a name and a URL has the contract's defaults."""
    channel = create()
    assert channel["spec"] == {
        "url": URL,
        "method": "POST",
        "content_type": "application/json",
        "headers": {},
        "timeout": 30,
        "success_status_codes": [200, 201, 202, 204],
        "response_match": None,
        "response_no_match": None,
        "ca_bundle": None,
        "client_certificate": None,
        "client_key": None,
        "preset": None,
        "routing_key": None,
    }
    assert (channel["rate"], channel["timezone"]) == (None, None)
    assert (channel["description"], channel["enabled"], channel["channel_type"]) == (None, True, "webhook")
    assert channel["created_by"] == SUPERADMIN_ID
    assert re.fullmatch(TIMESTAMP, channel["created_at"])
    assert channel["updated_at"] == channel["created_at"]
    assert get(channel["id"]) == channel


def test_create_with_everything() -> None:
    """All that the contract lets one say of a channel is kept; names are trimmed, unknown keys ignored."""
    spec = {
        "method": "put",
        "content_type": "text/plain",
        "headers": {"X-Team": "ü"},
        "timeout": 2.5,
        "success_status_codes": [200, 302],
        "response_match": "^ok",
        "response_no_match": '"error"',
        "preset": None,
        "routing_key": None,
        "surplus": 1,
    }
    channel = create(
        "  세션 🚀 ",
        description="d",
        channel_type="WEBHOOK",
        enabled=False,
        spec=spec,
        rate=" 30/M ",
        timezone="Asia/Seoul",
        surplus=1,
    )
    assert (channel["rate"], channel["timezone"]) == ("30/m", "Asia/Seoul")
    assert (channel["name"], channel["description"], channel["enabled"]) == ("세션 🚀", "d", False)
    expected = {name: value for name, value in spec.items() if name != "surplus"}
    tls = {"ca_bundle": None, "client_certificate": None, "client_key": None}
    assert get(channel["id"])["spec"] == {"url": URL, **expected, **tls, "method": "PUT"}


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"name": "  "},
        {"name": "x" * 257},
        {"channel_type": "pigeon"},
        {"spec": None},
        {"spec": {}},
        {"spec": {"url": "ftp://example.com"}},
        {"spec": {"url": URL, "method": "GET"}},
        {"spec": {"url": URL, "method": "POST / HTTP/1.1\r\nX: y"}},
        {"spec": {"url": URL, "timeout": 0}},
        {"spec": {"url": URL, "timeout": 61}},
        {"spec": {"url": URL, "headers": {"X-A": "a\r\nX-B: b"}}},
        {"spec": {"url": URL, "headers": {"X A": "a"}}},
        {"spec": {"url": URL, "headers": {"X-A": None}}},
        {"spec": {"url": URL, "content_type": "text/plain\nX: y"}},
        {"spec": {"url": URL, "success_status_codes": []}},
        {"spec": {"url": URL, "success_status_codes": [99]}},
        {"enabled": "perhaps"},
    ],
)
def test_create_invalid(change: dict[str, Any]) -> None:
    """A channel that cannot be is refused, and none is made."""
    request = {"name": "n", "channel_type": "webhook", "spec": {"url": URL}, **change}
    assert call("POST", CHANNELS, request).kind == INVALID
    assert call("POST", f"{CHANNELS}/search", {}).json["pagination"]["total"] == 0


def test_timeout_must_be_a_number() -> None:
    """JSON has no NaN; a body with one is not JSON."""
    body = '{"name": "n", "spec": {"url": "https://example.com", "timeout": NaN}}'
    assert call("POST", CHANNELS, body).status == 400


@pytest.mark.parametrize("limit", ["a", "x" * 256])
def test_longest_name(limit: str) -> None:
    """A name has 1 to 256 characters."""
    assert create(limit)["name"] == limit


def test_update() -> None:
    """What is given is changed, what is absent or null stays; only the time of the change goes on."""
    before = create(description="d")
    after = call("PATCH", f"{CHANNELS}/{before['id']}", {"name": "New", "description": None}).json["channel"]
    assert after == {**before, "name": "New", "updated_at": after["updated_at"]}
    assert after["updated_at"] > before["updated_at"]
    disabled = call("PATCH", f"{CHANNELS}/{before['id']}", {"enabled": False, "channel_type": "email"})
    assert (disabled.json["channel"]["enabled"], disabled.json["channel"]["channel_type"]) == (
        False,
        "webhook",
    )


def test_empty_update() -> None:
    """An update that changes nothing answers with the channel as it is."""
    channel = create()
    assert call("PATCH", f"{CHANNELS}/{channel['id']}", {}).json["channel"] == channel


def test_credentials_are_not_shown() -> None:
    """Values of headers that carry credentials are null in every reply; null in an update keeps them."""
    secret = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "X-Team": "gpu"}
    hidden = {"Authorization": None, "X-Api-Key": None, "X-Team": "gpu"}
    with Receiver() as receiver:
        channel = create(url=receiver.url, spec={"headers": secret})
        assert channel["spec"]["headers"] == hidden
        path = f"{CHANNELS}/{channel['id']}"
        spec = {"url": f"{receiver.url}/new", "headers": hidden}
        texts = [call("PATCH", path, {"spec": spec}).text, call("GET", path).text]
        texts += [call("POST", f"{CHANNELS}/search", {}).text]
        assert "s3cret" not in "".join(texts)
        assert call("POST", f"{path}/validate", {"test_message": "m"}).status == 200
        (received,) = receiver.received
    assert (received.path, received.headers["authorization"]) == ("/new", "Bearer s3cret")


def test_a_content_type_that_rules_do_not_fit() -> None:
    """A channel does not become one for JSON under rules that make none: they are named."""
    spec = {"url": "https://example.com", "content_type": "text/plain"}
    channel = call("POST", CHANNELS, {"name": "c", "spec": spec}).json["channel"]
    rule = {"rule_type": "session.started", "channel_id": channel["id"]}
    for name, template in (("plain", "{{ session_id }} started"), ("json", '{"text": "{{ session_id }}"}')):
        fields = {**rule, "name": name, "message_template": template}
        assert call("POST", "/notifications/rules", fields).status == 201
    path = f"{CHANNELS}/{channel['id']}"
    as_json = {"spec": spec | {"content_type": "application/vnd.x+json"}}
    refused = call("PATCH", path, as_json)
    assert refused.kind == (409, "notification-channel-conflict", "notification_create_conflict")
    (told,) = refused.json["data"]["rules"]
    assert (told["name"], "more after the end" in told["msg"]) == ("plain", True)
    assert call("GET", path).json["channel"]["spec"] == channel["spec"]
    assert call("PATCH", path, {"spec": spec | {"content_type": "text/html"}}).status == 200
    found = call("POST", "/notifications/rules/search", {"filter": {"name": {"equals": "plain"}}}).json[
        "rules"
    ]
    changed = {"message_template": "{{ session_id }}"}
    assert call("PATCH", f"/notifications/rules/{found[0]['id']}", changed).status == 200
    assert call("PATCH", path, as_json).status == 200
    assert call("PATCH", path, {"spec": spec}).status == 200


def test_delete() -> None:
    """A deleted channel is gone; deleting it again is not found."""
    path = f"{CHANNELS}/{create()['id']}"
    assert call("DELETE", path).json == {"deleted": True}
    assert call("GET", path).kind == UNKNOWN
    assert call("DELETE", path).kind == UNKNOWN


@pytest.mark.parametrize("force", ["", "?force=false", "?force=true"])
def test_delete_of_a_channel_in_use(force: str) -> None:
    """A channel in use is deleted only by force, its rules with it; the refusal names the rules."""
    channel, other = create(), create("Other")
    names = {}
    for name in ("R1", "R2"):
        rule = {"name": name, "rule_type": "session.started", "message_template": '"m"'}
        made = call("POST", "/notifications/rules", {**rule, "channel_id": channel["id"]}).json["rule"]
        names[made["id"]] = name
    answer = call("DELETE", f"{CHANNELS}/{channel['id']}{force}")
    found = call("POST", "/notifications/rules/search", {}).json["rules"]
    if force == "?force=true":
        assert answer.json == {"deleted": True}
        assert found == []
        (left,) = call("POST", f"{CHANNELS}/search", {}).json["channels"]
        # In lists a URL shows only where it leads to: its path may be a credential.
        assert left == {**other, "spec": {**other["spec"], "url": "https://example.com/***"}}
    else:
        assert answer.kind == (409, "notification-channel-conflict", "notification_create_conflict")
        assert {rule["id"]: rule["name"] for rule in answer.json["data"]["rules"]} == names
        assert len(found) == 2


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_unknown_id(method: str) -> None:
    """An id that no channel has is not found; one that is no UUID is invalid."""
    body = {"name": "n"} if method == "PATCH" else None
    assert call(method, f"{CHANNELS}/{uuid4()}", body).kind == UNKNOWN
    assert call(method, f"{CHANNELS}/not-a-uuid", body).kind == INVALID
