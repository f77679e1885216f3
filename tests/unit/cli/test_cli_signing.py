"""Requests are signed as Backend.AI's own clients sign them."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from backendai_notification_cli.http.signing import Signed, day_key, signature, string_to_sign

CHANNEL = "550e8400-e29b-41d4-a716-446655440000"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
# The key of 2026-01-15 in the worked examples; the secret that it comes from was not published with them.
KEY_OF_DAY = bytes.fromhex("a3fdc106c13ccf3538eb8161c7bb7505092d1502c632455e9f9bfba3a30a9946")
UTC_DATE = "2026-01-15T10:30:00.123456+00:00"
SAM_HOST = "abc123.execute-api.us-east-1.amazonaws.com"

# method, path, date, host, content type, signature: made by Backend.AI's own code.
WORKED = [
    (
        ("POST", "/notifications/channels/search", UTC_DATE, "api.example.com", "application/json"),
        "232efaf2942d2fb418e1eb96101c54807f285b5aead1fc812d2f201ac27e0a5d",
    ),
    (
        ("GET", "/notifications/rule-types", UTC_DATE, "api.example.com", "application/json"),
        "c070eaecf12d28221de99ce9081b0c9b7c7536777285649ff28bb7d16ec9c4f8",
    ),
    (
        ("GET", "/notifications/rule-types", UTC_DATE, "api.example.com", "text/plain"),
        "27e1752d44f8458502a893bdc2b01a693c19e03e55da9878d80f0bfe4a0e6628",
    ),
    (
        (
            "GET",
            "/notifications/rule-types",
            "2026-01-15T10:30:00+00:00",
            "127.0.0.1:8090",
            "application/json",
        ),
        "982682b2e3d1c51691ca44c44df37452efdfed697288fa006d61820a84ffa98b",
    ),
    (
        ("PATCH", f"/prod/notifications/channels/{CHANNEL}", UTC_DATE, SAM_HOST, "application/json"),
        "4b749a50eb1176f12d1a72c5f1151a459013696ee26f60d8fd247c71e776de05",
    ),
    (
        ("POST", "/notifications/rules", "2026-01-15T00:30:00+09:00", "api.example.com", "application/json"),
        "567f18678b989998439484a2392322b754721efa55ea105a5ec3628c8f9b796e",
    ),
]


def signed(method: str, path: str, date: str, host: str, content_type: str) -> Signed:
    """Make a request from its parts."""
    return Signed(method, path, datetime.fromisoformat(date), host, content_type)


@pytest.mark.parametrize(("request_parts", "expected"), WORKED)
def test_signature_is_backend_ais(request_parts: tuple[str, str, str, str, str], expected: str) -> None:
    """Each worked example of Backend.AI's own signer gets the same signature from ours."""
    assert signature(KEY_OF_DAY, signed(*request_parts)) == expected


def test_string_to_sign() -> None:
    """The string to sign is the documented lines, with the media type alone and nothing of the body."""
    request = signed("get", "/a?b=c", UTC_DATE, "h:1", "Application/JSON; charset=utf-8")
    assert string_to_sign(request) == (
        f"GET\n/a?b=c\n{UTC_DATE}\nhost:h:1\ncontent-type:application/json\nx-backendai-version:v9.20250722\n{EMPTY}"
    )


def test_day_is_the_dates_own() -> None:
    """The key of the day counts days in the date's own offset, not in UTC."""
    early = datetime.fromisoformat("2026-01-15T00:30:00+09:00")
    assert day_key("s", early) == hmac.digest(b"s", b"20260115", "sha256")


@pytest.mark.parametrize("prefix", ["", "/prod"])
def test_request_as_received_verifies(
    service: Any, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    """A receiver that recomputes the signature from what arrived, stage and query too, gets the same one."""
    monkeypatch.setenv("BACKEND_ENDPOINT", f"{service.url}{prefix}/")
    path = f"{prefix}/notifications/rules/{CHANNEL}?custom=true"
    service.answers("GET", path, {"rule": {"id": CHANNEL}})

    assert run("notification", "rule", "info", CHANNEL).exit_code == 0

    headers = service.last["headers"]
    text = (
        f"GET\n{path}\n{headers['Date']}\nhost:{headers['Host']}\ncontent-type:text/plain\n"
        f"x-backendai-version:v9.20250722\n{hashlib.sha256(b'').hexdigest()}"
    )
    key = b"wJalrXUtnFEMI"
    for part in (datetime.fromisoformat(headers["Date"]).strftime("%Y%m%d"), headers["Host"], text):
        key = hmac.digest(key, part.encode(), "sha256")
    assert headers["Authorization"] == f"BackendAI signMethod=HMAC-SHA256, credential=AKIAEXAMPLE:{key.hex()}"
    assert headers["Host"] == service.url.removeprefix("http://")
    assert headers["Content-Type"] == "text/plain"
    assert headers["User-Agent"] == "backendai-notification-cli/0.1.0"
