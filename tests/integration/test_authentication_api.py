"""Every route asks for Backend.AI's signature, over any path that a client may have seen."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from notifications.store.keypairs import REFRESHES_AT_ONCE, KeypairStore
from tests.cloud import gateway
from tests.cloud.aws import client
from tests.cloud.gateway import HOST, ROUTES, STAGE, call, invoke, proxy_event, sign
from tests.cloud.services import services
from tests.template import Route

pytestmark = pytest.mark.usefixtures("cloud")

UNAUTHORIZED = (401, "auth-failed", "user_auth_unauthorized")
HEADERS = {"Host": HOST, "Content-Type": "application/json"}
PROTECTED = [route for route in ROUTES if (route.method, route.path) != ("GET", "/")]
LIST = "/notifications/rule-types"


def concrete(path: str) -> str:
    """Fill in a route's parameters."""
    return re.sub(r"{[a-z_]+\+?}", "550e8400-e29b-41d4-a716-446655440000", path)


def signed_status(path: str, *, target: str = LIST, base_path: str = "", method: str = "GET") -> int:
    """Call with a signature over this path."""
    headers = sign(method, path, HEADERS)
    body = "{}" if method == "POST" else None
    return invoke(proxy_event(method, target, headers, body, base_path)).status


@pytest.mark.parametrize("route", PROTECTED, ids=lambda route: f"{route.method} {route.path}")
def test_route_needs_credentials(route: Route) -> None:
    """Without credentials a route answers 401, whatever the body is."""
    for headers in (HEADERS, {}):
        event = proxy_event(route.method, concrete(route.path), headers, "not json")
        assert event["resource"] == route.path
        assert invoke(event).kind == UNAUTHORIZED


def test_version_needs_no_credentials() -> None:
    """GET / answers anybody with the API's version."""
    answer = invoke(proxy_event("GET", "/", {"Host": HOST}, None))
    assert answer.json == {"version": "v9.20250722", "manager": "26.8.0rc1"}
    on_domain = invoke({**proxy_event("GET", "/", {"Host": HOST}, None), "path": "/base"})
    assert on_domain.json == answer.json


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        ("AKIANOBODY", gateway.SECRET_KEY),
        (gateway.ACCESS_KEY, "wrong"),
        (gateway.INACTIVE_ACCESS_KEY, gateway.INACTIVE_SECRET_KEY),
    ],
)
def test_bad_credentials(key: str, secret: str) -> None:
    """An unknown key, a wrong secret and an inactive key answer 401."""
    assert call("GET", LIST, key=(key, secret)).kind == UNAUTHORIZED


@pytest.mark.parametrize(
    "change",
    [
        {"Date": "yesterday"},
        {"Date": "2020-01-01T00:00:00+00:00"},
        {"Authorization": "Basic eA=="},
        {"X-BackendAI-Version": "v1.20100101"},
    ],
)
def test_bad_parameters(change: dict[str, str]) -> None:
    """Credentials that cannot be checked answer 400 in the contract's form."""
    headers = {**sign("GET", LIST, HEADERS), **change}
    answer = invoke(proxy_event("GET", LIST, headers, None))
    assert answer.kind == (400, "invalid-auth-params", "user_auth_invalid-parameters")


@pytest.mark.parametrize("prefix", ["", f"/{STAGE}", f"/restapis/abc123/{STAGE}/_user_request_"])
@pytest.mark.parametrize(
    "target", [LIST, "/notifications/rule-types/session.started/schema", "/manager/announcement"]
)
def test_signed_paths(prefix: str, target: str) -> None:
    """The path may be signed bare, with the stage, and as the local stack has it; no other way."""
    assert signed_status(prefix + target, target=target) == 200
    assert signed_status(f"/other{target}", target=target) == 401
    assert signed_status(f"{prefix}{target}?a=b", target=target) == 401


@pytest.mark.parametrize("base_path", ["/base", "/deep/base"])
@pytest.mark.parametrize("with_base", [True, False])
def test_custom_domain(base_path: str, with_base: bool) -> None:  # noqa: FBT001
    """Behind a custom domain's base path, routes are found, signed with the base path or without it."""
    path = f"{base_path}{LIST}" if with_base else LIST
    assert signed_status(path, base_path=base_path) == 200


@pytest.mark.parametrize(
    "query",
    ["?custom=true", "?custom=false&name=a%20b", "?b=2&a=1", "?a=%C3%BC", "?a=x+y", "?a=", "?a=1&a=2"],
)
def test_query_is_signed(query: str) -> None:
    """The query string is signed as the client wrote it."""
    target = f"/notifications/rules/search{query}"
    assert signed_status(f"/{STAGE}{target}", target=target, method="POST") == 200
    assert signed_status(f"/{STAGE}/notifications/rules/search", target=target, method="POST") == 401


def test_header_names_in_any_case() -> None:
    """Header names count in any case, as HTTP/2 sends them in lower case."""
    headers = {name.lower(): value for name, value in sign("GET", LIST, HEADERS).items()}
    assert invoke(proxy_event("GET", LIST, headers, None)).status == 200


def put_secret(**changes: Any) -> None:
    """Rotate the superadmin's keypair."""
    secrets = client("secretsmanager")
    present = json.loads(secrets.get_secret_value(SecretId="first-keypair")["SecretString"])
    secrets.put_secret_value(SecretId="first-keypair", SecretString=json.dumps({**present, **changes}))


@pytest.fixture
def kept() -> Iterator[KeypairStore]:
    """Give the functions' own store of keypairs; it forgets them before the next test."""
    services().keypairs._spare = REFRESHES_AT_ONCE  # noqa: SLF001 - other tests may have used them up
    yield services().keypairs
    services().keypairs._read_at = float("-inf")  # noqa: SLF001


@pytest.mark.usefixtures("kept")
def test_rotated_key_works_at_once() -> None:
    """A new secret is accepted on its first request, although the old one is still kept in memory."""
    assert call("GET", LIST).status == 200
    put_secret(secret_key="rotated")
    assert call("GET", LIST, key=(gateway.ACCESS_KEY, "rotated")).status == 200
    assert call("GET", LIST).kind == UNAUTHORIZED
