"""Requests that no client should make are answered in the contract's form, never with a failure."""

import base64
import json
import re
from typing import Any

import pytest

from notifications.api import openapi
from notifications.api.app import MAX_BODY_BYTES
from tests.cloud.gateway import HOST, STAGE, call, invoke, proxy_event, sign

pytestmark = pytest.mark.usefixtures("cloud")

NOT_JSON = (400, "generic-bad-request", "api_parsing_bad-request")
INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
NO_SUCH_PATH = (404, "url-not-found", "api_read_not-found")
WRONG_METHOD = (405, "method-not-allowed", "api_access_forbidden")
CHANNELS, SEARCH = "/notifications/channels", "/notifications/channels/search"


def channel(**changes: Any) -> str:
    """Write a channel to create."""
    return json.dumps({"name": "n", "spec": {"url": "https://example.com"}, **changes})


@pytest.mark.parametrize(
    "body",
    ["", "not json", "{", "{'a': 1}", '{"a": NaN}', '{"a": Infinity}', '{"limit": ' + "9" * 5_000 + "}"],
    ids=lambda body: body[:20] or "empty",
)
def test_body_is_no_json(body: str) -> None:
    """A body that is no JSON is refused as that."""
    assert call("POST", SEARCH, body).kind == NOT_JSON


@pytest.mark.parametrize("body", ["null", "[]", "5", '"text"', "true", "[{}]"])
def test_body_is_no_object(body: str) -> None:
    """A body that is JSON but no object is invalid."""
    assert call("POST", CHANNELS, body).kind == INVALID


@pytest.mark.parametrize(
    "body",
    [channel(name="\ud800"), channel(description="a\udfffb"), channel(**{"\ud800": 1}), '"\\udc00"'],
    ids=["name", "description", "key", "bare"],
)
def test_lone_surrogates(body: str) -> None:
    """A lone surrogate anywhere in the body is refused: no UTF-8 can carry it."""
    assert call("POST", CHANNELS, body).kind == NOT_JSON


def test_a_body_that_is_no_text() -> None:
    """Bytes that are no UTF-8, however the gateway hands them on, are refused."""
    assert call("POST", CHANNELS, "\udcf5{}").kind == NOT_JSON


def test_surrogate_pair() -> None:
    """A pair of surrogates is one character, and is taken."""
    assert "\\ud83d" in channel(name="🚀")
    assert call("POST", CHANNELS, channel(name="🚀")).json["channel"]["name"] == "🚀"


@pytest.mark.parametrize("depth", [100_000, 5_000, 900, 300])
@pytest.mark.parametrize("path", [SEARCH, "/notifications/event-types", "/notifications/events"])
def test_deep_nesting(depth: int, path: str) -> None:
    """A body nested too deeply is refused; one less deep is answered like any other."""
    deep = '{"a":' * depth + "1" + "}" * depth
    schema = f'{{"type": "object", "properties": {{"a": {{"default": {deep}}}}}}}'
    body = f'{{"name": "a", "filter": null, "json_schema": {schema}, "rule_type": "x", "surplus": {deep}}}'
    answer = call("POST", path, body)
    assert answer.status in {200, 201, 400}
    assert answer.json


def test_largest_body() -> None:
    """A body may have the limit's bytes and not one more."""
    empty = len('{"surplus": ""}')
    assert call("POST", SEARCH, json.dumps({"surplus": "x" * (MAX_BODY_BYTES - empty)})).status == 200
    assert call("POST", SEARCH, json.dumps({"surplus": "x" * (MAX_BODY_BYTES - empty + 1)})).kind == NOT_JSON


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_other_content_type(content_type: str) -> None:
    """A body that is not declared as JSON is refused as that."""
    assert call("POST", SEARCH, "{}", content_type=content_type).kind == NOT_JSON


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON", " application/json ;a=b"],
)
def test_forms_of_json(content_type: str) -> None:
    """The media type counts in any case and with parameters."""
    assert call("POST", SEARCH, "{}", content_type=content_type).status == 200


def test_base64_body() -> None:
    """A body that the gateway hands on in base64 is read; what is no base64 or no text is refused."""
    headers = sign("POST", SEARCH, {"Host": HOST, "Content-Type": "application/json"})

    def kind(body: bytes) -> int:
        event = proxy_event("POST", SEARCH, headers, body.decode())
        return invoke({**event, "isBase64Encoded": True}).status

    assert kind(base64.b64encode(b"{}")) == 200
    assert kind(base64.b64encode(b"\xff\xfe")) == 400
    assert kind(b"*") == 400


@pytest.mark.parametrize("path", ["/nothing", "/notifications", "/notifications/channels/a/b/c", "/v2/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_unknown_path(method: str, path: str) -> None:
    """A path that the API does not have answers 404, with any method, with a body and without."""
    assert call(method, path).kind == NO_SUCH_PATH
    assert call(method, path, {}).kind == NO_SUCH_PATH


WRONG = [
    (method, path)
    for path, methods in openapi.document()["paths"].items()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    if method.lower() not in methods and path != "/"
]


@pytest.mark.parametrize(("method", "path"), WRONG)
def test_wrong_method(method: str, path: str) -> None:
    """A method that a path does not take answers 405, with a body and without, and names those it takes."""
    resource = {"resource": "/{proxy+}"}
    for body in (None, "{}"):
        headers = {"Host": HOST, "Content-Type": "application/json" if body else "text/plain"}
        event = proxy_event("PUT", "/x", sign(method, f"/{STAGE}{path}", headers), body)
        context = {**event["requestContext"], "path": f"/{STAGE}{path}", "httpMethod": method}
        answer = invoke({**event, **resource, "httpMethod": method, "path": path, "requestContext": context})
        assert answer.kind == WRONG_METHOD
        assert set(openapi.methods_at(path)) == set(re.findall("[A-Z]{3,}", answer.json["msg"]))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_trailing_slash(method: str) -> None:
    """A path with a slash at its end is another path, and unknown."""
    assert call(method, f"{CHANNELS}/", {} if method == "POST" else None).kind == NO_SUCH_PATH


@pytest.mark.parametrize("query", ["?force=perhaps", "?force="])
def test_bad_query(query: str) -> None:
    """A query parameter that is no truth value is invalid."""
    target = f"{CHANNELS}/550e8400-e29b-41d4-a716-446655440000{query}"
    assert call("DELETE", target).kind == INVALID


def test_announcement() -> None:
    """There is never an announcement."""
    assert call("GET", "/manager/announcement").json == {"enabled": False, "message": ""}


def test_openapi() -> None:
    """The OpenAPI document is served as it is shipped."""
    assert call("GET", "/notifications/openapi.json").json == openapi.document()


@pytest.mark.parametrize(
    ("method", "path", "hint"),
    [
        ("GET", "/notifications/events?statsu=refused", "'statsu' is not .* the nearest is 'status'"),
        ("GET", "/notifications/deliveries?limit=1&chanel=x", "'chanel' .* the nearest is 'channel'"),
        ("GET", "/notifications/deliveries?Status=failed", "'Status' .* the nearest is 'status'"),
        ("GET", "/notifications/event-types?custom=true", "'custom' is not .*; it takes none"),
        ("POST", f"{CHANNELS}/550e8400-e29b-41d4-a716-446655440000/resume?force=1", "'force' is not"),
    ],
)
def test_an_unknown_query_parameter_of_our_own_routes(method: str, path: str, hint: str) -> None:
    """It is refused with the nearest name: ignored, a filter that is mistyped would find too much."""
    answer = call(method, path)
    assert answer.kind == INVALID
    assert re.search(hint, answer.json["msg"]), answer.json


@pytest.mark.parametrize("path", ["/notifications/rule-types?customs=true", "/manager/announcement?a=b"])
def test_an_unknown_query_parameter_of_backend_ais_routes(path: str) -> None:
    """It is ignored, as Backend.AI's own server does."""
    assert call("GET", path).status == 200
