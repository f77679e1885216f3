"""Requests to the manager are signed as Backend.AI's clients sign theirs."""

import hmac
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_bridge.manager.signing import (
    CONTENT_TYPE,
    host_of,
    signature,
    signed_headers,
    string_to_sign,
)

EXAMPLES: list[dict[str, Any]] = [
    example
    for example in json.loads(
        (Path(__file__).parents[2] / "data" / "signing-examples.json").read_text("utf-8")
    )
    if example["content_type"] == CONTENT_TYPE
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["date"] + example["rel_url"])
def test_the_signature_is_that_of_the_worked_examples(example: dict[str, Any]) -> None:
    """Host with its port, path as sent, the day of the date's own offset."""
    scheme = example["endpoint"].partition("://")[0]
    url = f"{scheme}://{example['host']}{example['rel_url']}"
    at = datetime.fromisoformat(example["date"])
    text = string_to_sign(example["method"], url, at)
    assert text == example["string_to_sign"]
    assert signature(bytes.fromhex(example["k1_hex"]), host_of(url), text) == example["signature"]
    headers = signed_headers(("AKIAEXAMPLE", "another secret"), example["method"], url, at)
    assert headers["Date"] == example["date"]
    assert headers["Authorization"].rpartition(":")[0] == example["authorization"].rpartition(":")[0]


def test_the_day_is_that_of_the_dates_own_offset() -> None:
    """At half past midnight in Seoul the key is that of the new day there."""
    seoul = datetime(2026, 1, 15, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    url = "https://api.example.com/admin/gql"
    day_key = hmac.digest(b"secret", b"20260115", "sha256")
    expected = signature(day_key, "api.example.com", string_to_sign("POST", url, seoul))
    assert signed_headers(("A", "secret"), "POST", url, seoul)["Authorization"].endswith(f"A:{expected}")
