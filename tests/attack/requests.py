"""Hostile requests to the API. Each names the statuses that are a refusal; never one of 5xx."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.attack.attack_run import AttackRun
from tests.attack.documents import bodies, fields
from tests.attack.hostile_request import CHANNELS, HostileRequest
from tests.attack.report import LetThrough
from tests.stack.client import Response

FAMILY = "requests"
NOBODY = "00000000-0000-4000-8000-000000000000"
GATEWAY_METHODS = ("HEAD", "TRACE", "CONNECT", "PROPFIND")
"""The stack routes none of these: the gateway itself refuses them, in words of its own."""

ROUTES = (
    *(("POST", CHANNELS), ("GET", f"{CHANNELS}/{NOBODY}"), ("PATCH", f"{CHANNELS}/{NOBODY}")),
    *(("DELETE", f"{CHANNELS}/{NOBODY}"), ("POST", f"{CHANNELS}/search"), ("GET", "/notifications/events")),
    *(("POST", f"{CHANNELS}/{NOBODY}/validate"), ("POST", "/v2/notifications/channels/search")),
    *(
        ("POST", "/notifications/rules"),
        ("POST", "/notifications/rules/search"),
        ("POST", "/notifications/events"),
    ),
    *(("GET", "/notifications/deliveries"), ("POST", "/notifications/event-types")),
    *(("GET", "/manager/announcement"), ("GET", "/notifications/openapi.json"), ("GET", "/nowhere")),
)


def attack(run: AttackRun) -> None:
    """Send all of them."""
    family = [*_unsigned(run), *bodies(run), *_paths(), *fields(run), *_queries()]
    for one in family[:: 4 if run.short else 1]:
        with run.report.attack(FAMILY, one.name):
            _judge(run, one, run.stack.send(one.method, one.path, **one.options))
    for method in GATEWAY_METHODS:
        with run.report.attack(FAMILY, f"method {method}"):
            response = run.stack.send(method, CHANNELS)
            if not 400 <= response.status < 500:
                raise LetThrough(response.text)
    with run.report.attack(FAMILY, "method OPTIONS"):
        response = run.stack.send("OPTIONS", CHANNELS)
        if response.status != 204 or response.body:
            raise LetThrough(response.text)
    with run.report.attack(FAMILY, "after all of them a good one"):
        response = run.stack.send("POST", f"{CHANNELS}/search", {})
        if response.status != 200:
            raise LetThrough(response.text)


def _judge(run: AttackRun, one: HostileRequest, response: Response) -> None:
    if response.status == 201:
        made = response.document.get("channel") or {}
        if "id" in made:
            run.stack.clean_later(made["id"])
    if response.status not in one.takes:
        run.expect_problem(response, *one.statuses)


def _unsigned(run: AttackRun) -> Iterator[HostileRequest]:
    access, secret = run.stack.client.keypair
    prefix = run.stack.client.prefix
    refused = (400, 401)
    for method, path in ROUTES:
        unsigned = {"headers": {"Authorization": None}, "document": {}}
        yield HostileRequest(f"unsigned {method} {path}", method, path, (401,), unsigned)
        for role, status in (("user", 403), ("inactive", 401)):
            keypair = run.secrets.keypairs[role]
            yield HostileRequest(
                f"{role} {method} {path}", method, path, (status,), {"keypair": keypair, "document": {}}
            )
        if method != "GET" and not path.endswith("/search"):  # what a viewer may not
            viewer = {"keypair": run.secrets.keypairs["viewer"], "document": {}}
            yield HostileRequest(f"viewer {method} {path}", method, path, (403,), viewer)
    path = f"{CHANNELS}/search"

    def post(name: str, statuses: tuple[int, ...] = refused, **options: Any) -> HostileRequest:
        return HostileRequest(name, "POST", path, statuses, {"document": {}, **options})

    yield post("wrong secret", (401,), keypair=(access, secret[:-1] + "!"))
    yield post("empty secret", (401,), keypair=(access, ""))
    yield post("unknown key", (401,), keypair=("AKIAAAAAAAAAAAAAAAAA", secret))
    yield post("key like a path", keypair=("../../x", secret))
    yield post("key like code", keypair=("'OR'1'='1", secret))
    for minutes in (15.1, 16, 60 * 24, 60 * 24 * 400, -15.1, -60):
        yield post(f"replayed after {minutes:g} minutes", (400,), late=timedelta(minutes=minutes))
    yield post("signed for another path", (401,), signed_path=prefix + CHANNELS)
    yield post("signed for another route", (401,), signed_path=prefix + "/notifications/rules/search")
    for value in (
        *(
            "",
            "BackendAI",
            "Bearer x",
            "Basic QTpC",
            f"BackendAI signMethod=HMAC-SHA256, credential={access}:",
        ),
        *(
            f"BackendAI signMethod=NONE, credential={access}:00",
            f"BackendAI signMethod=HMAC-MD5, credential={access}:00",
        ),
        *(
            f"BackendAI signMethod=HMAC-SHA256, credential={access}:" + "0" * 64,
            "x" * 8_000,
            "BackendAI " + "=," * 4_000,
        ),
        f"BackendAI signMethod=HMAC-SHA256, credential={access}:{'g' * 64}",
    ):
        yield post(f"authorization {value[:60]!r}", headers={"Authorization": value})
    bad_headers: dict[str, tuple[str | None, ...]] = {
        "Date": (
            None,
            "",
            "yesterday",
            "0001-01-01T00:00:00",
            "9999-12-31T23:59:59-23:59",
            "2026-13-45",
            "NaN",
        ),
        "X-BackendAI-Version": (
            None,
            "",
            "v0.00000000",
            "v99999999999999999999.20250722",
            "v9.99999999",
            "9",
        ),
        "Host": ("evil.example.com",),
        "Content-Type": ("text/plain", "application/x-www-form-urlencoded"),
    }
    for name, values in bad_headers.items():
        for bad in values:
            yield post(f"{name} {bad!r}", headers={name: bad})


def _paths() -> Iterator[HostileRequest]:
    gone = (400, 401, 404)
    ids = (
        *(
            "..",
            "../../etc/passwd",
            "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "..%5c..%5c",
            "%252e%252e",
            ".",
            "%2F",
            "%00",
        ),
        *(
            f"{NOBODY}%00",
            f"{NOBODY}%0a",
            f"{NOBODY}%20",
            f"{NOBODY}%2fvalidate",
            f"{NOBODY}/..",
            f"{NOBODY};x=1",
        ),
        *("1%20OR%201=1", "%27%20OR%20%271%27=%271", "%7B%22$gt%22:%22%22%7D", "CHANNEL%23x", "VERSION", "*"),
        *(
            "%C0%AF",
            "%FF",
            "%ED%A0%80",
            "%F0%9F%9A%80",
            "null",
            "undefined",
            "0",
            "-1",
            "9" * 5_000,
            "a" * 20_000,
        ),
        *("%7B%7B7*7%7D%7D", "$%7Bjndi:ldap://127.0.0.1/x%7D", "%0d%0aX-Injected:%20x", NOBODY),
    )
    for root in (CHANNELS, "/notifications/rules", "/notifications/deliveries", "/v2/notifications/channels"):
        for one in ids:
            path = f"{root}/{one}"
            yield HostileRequest(f"GET {path[:80]}", "GET", path, (*gone, 405, 414, 431))
    for one in ids:
        for path in (f"/notifications/events/{one}", f"/notifications/event-types/{one}"):
            yield HostileRequest(f"GET {path[:80]}", "GET", path, (*gone, 414, 431))
        yield HostileRequest(f"DELETE {one[:60]}", "DELETE", f"{CHANNELS}/{one}", (*gone, 405, 414, 431))
        yield HostileRequest(
            f"validate {one[:60]}",
            "POST",
            f"{CHANNELS}/{one}/validate",
            (*gone, 405, 414, 431),
            {"document": {}},
        )
    for method in ("PUT", "DELETE", "PATCH", "GET"):
        yield HostileRequest(f"{method} {CHANNELS}", method, CHANNELS, (405,))
    for path in (
        "//notifications//channels",
        "/notifications/channels/",
        "/NOTIFICATIONS/channels",
        "/v3/x",
        "/%2e%2e/",
    ):
        yield HostileRequest(f"POST {path}", "POST", path, (400, 401, 404, 405), {"document": {}})


def _queries() -> Iterator[HostileRequest]:
    for window in (
        *({"limit": 0}, {"limit": -1}, {"limit": 1_001}, {"limit": 10**30}, {"offset": -1}, {"limit": "all"}),
        *(
            {"limit": 1.5},
            {"order": [{"field": "password"}]},
            {"order": "name"},
            {"filter": {"enabled": "maybe"}},
        ),
    ):
        for path in (f"{CHANNELS}/search", "/notifications/rules/search"):
            yield HostileRequest(f"{path} {window}", "POST", path, (400,), {"document": window})
    deep: dict[str, Any] = {"enabled": True}
    for _ in range(50):
        deep = {"NOT": [deep]}
    for document in ({"filter": deep}, {"first": 5_000}, {"first": 1, "last": 1}, {"limit": -1}):
        path = "/v2/notifications/channels/search"
        yield HostileRequest(f"{path} {str(document)[:40]}", "POST", path, (400,), {"document": document})
    for query in (
        *(
            "limit=0",
            "limit=1001",
            "limit=1e9",
            "limit=-5",
            "cursor=x",
            "cursor=" + "A" * 4_000,
            "since=never",
        ),
        *("cursor=eyJwayI6eyJTIjoiSEVBTFRIIn19", "cursor=%00", "cursor=W10", "cursor=bnVsbA", "status=lost"),
        *("until=0000-00-00", "since=9999-12-31T23:59:59-23:59", "cursor=e30", "cursor=..%2f..%2f"),
    ):
        for path in ("/notifications/events", "/notifications/deliveries"):
            yield HostileRequest(f"{path}?{query[:40]}", "GET", f"{path}?{query}", (400, 401))
    for query in ("event=../../x", "channel=x", "rule=%27OR%271", "event=" + "a" * 500):
        yield HostileRequest(f"deliveries?{query[:40]}", "GET", f"/notifications/deliveries?{query}", (400,))
