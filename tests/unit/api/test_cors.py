"""Which pages a browser lets call the API."""

from typing import Any

import pytest

from notifications.api.cors import Cors

CONSOLE = "https://console.example.com"


def event(**headers: str) -> dict[str, Any]:
    """Make a request with these headers."""
    return {"headers": headers}


@pytest.mark.parametrize(
    ("allowed", "origin", "told"),
    [
        (CONSOLE, CONSOLE, CONSOLE),
        (f"https://other.example.com,{CONSOLE}", CONSOLE, CONSOLE),
        ("*", CONSOLE, CONSOLE),
        (CONSOLE, "https://evil.example.com", None),
        (CONSOLE, "https://console.example.com.evil.example", None),
        ("", CONSOLE, None),
    ],
)
def test_origins(allowed: str, origin: str, told: str | None) -> None:
    """A page may read a response if its origin is one of those that are named, whole."""
    headers = Cors.read(allowed).headers(event(origin=origin))
    assert headers.get("Access-Control-Allow-Origin") == told


def test_caches_keep_origins_apart() -> None:
    """A response that depends on the origin says so, also where the origin is refused or absent."""
    cors = Cors.read(CONSOLE)
    for headers in ({}, {"Origin": CONSOLE}, {"Origin": "https://evil.example.com"}):
        assert cors.headers(event(**headers))["Vary"] == "Origin"


def test_preflight() -> None:
    """The browser is told which methods the path takes and which headers a signed request may have."""
    answer = Cors.read(CONSOLE).preflight(event(Origin=CONSOLE), "/notifications/channels/8d1c")
    assert answer["statusCode"] == 204
    assert answer["headers"]["Access-Control-Allow-Methods"] == "DELETE, GET, PATCH"
    assert "X-BackendAI-Date" in answer["headers"]["Access-Control-Allow-Headers"].split(", ")


def test_preflight_of_a_stranger() -> None:
    """A page of another origin is told nothing that would let its browser go on."""
    answer = Cors.read(CONSOLE).preflight(event(Origin="https://evil.example.com"), "/notifications/channels")
    assert answer == {"statusCode": 204, "headers": {"Vary": "Origin"}, "body": ""}
