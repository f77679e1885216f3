"""The fake of ntfy answers as its server does."""

import json
from typing import Any

import pytest

from tests.unit.receivers.asking import ask, seen


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"topic": "a b"}, 40009),
        ({"topic": ""}, 40009),
        ({"topic": "docs"}, 40010),
        ({"priority": 6}, 40007),
        ({"title": "é" * 513}, 40000),
        ({"tags": ["x" * 600]}, 40000),
        ({"actions": [{"action": "view", "label": "x"}]}, 40018),
        ({"actions": [{"action": "view", "label": "x", "url": "y"}] * 4}, 40018),
        ({"message": 5}, 40024),
        ({"message": "x" * 8_192}, 41303),
        ({"message": "\n" * 4_096}, 41303),
    ],
)
def test_refuses(change: dict[str, Any], code: int) -> None:
    """What it refuses has a code of its own beside the status."""
    answer = ask("ntfy", {"topic": "mytopic", "message": "x", **change})
    assert (answer.status, json.loads(answer.body)["code"]) == (code // 100, code)


def test_example() -> None:
    """The documented message is taken; no text of it is markup."""
    body = {
        "topic": "mytopic",
        "message": "Disk space is *low* at 5.1 GB",
        "title": "Low disk space alert",
        "tags": ["warning", "cd"],
        "priority": 4,
        "click": "https://homecamera.lan/xasds1h2xsSsa/",
        "actions": [{"action": "view", "label": "Admin panel", "url": "https://filesrv.lan/admin"}],
    }
    shown = seen("ntfy", body)
    assert [part.text for part in shown.parts[:2]] == [
        "⚠️ Low disk space alert",
        "Disk space is *low* at 5.1 GB",
    ]
    assert shown.active == {"link": 2}


def test_long() -> None:
    """Of a message of more than 4,096 bytes only a file is seen; one without a text is "triggered"."""
    assert "x" not in seen("ntfy", {"topic": "t", "message": "x" * 4_096}).text.replace("x" * 4_096, "")
    assert "file" in seen("ntfy", {"topic": "t", "message": "é" * 2_049}).text
    assert seen("ntfy", {"topic": "t"}).text == "triggered"


def test_not_json() -> None:
    """Something else than JSON, or sent elsewhere, is refused."""
    assert ask("ntfy", b"hello").status == 400
    assert ask("ntfy", {"topic": "t"}, "/v1/else").status == 404
