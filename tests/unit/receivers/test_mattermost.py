"""The fake of Mattermost answers as its server does, and finds whom it would notify."""

import json
from typing import Any

import pytest

from tests.unit.receivers.asking import ask, seen


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "Hello, this is some text"}, 200),
        ({"text": "x" * 16_383}, 200),
        ({"text": "x" * 16_384}, 400),
        ({"attachments": [{"text": "x" * 16_384}]}, 400),
        ({"text": ""}, 400),
        ({}, 400),
        (b"{", 400),
    ],
)
def test_answers(body: Any, status: int) -> None:
    """It answers ``ok``, or that the message is invalid, without a reason."""
    answer = ask("mattermost", body)
    assert answer.status == status
    assert b"invalid message" in answer.body if status == 400 else answer.body == b"ok"


def test_unknown_hook() -> None:
    """An address that is no webhook's is not found."""
    assert json.loads(ask("mattermost", {"text": "x"}, "/hooks/short").body)["status_code"] == 404


@pytest.mark.parametrize(
    ("text", "mentions", "active"),
    [
        ("@all @channel @here @user.name", 4, {"mention"}),
        (r"\@all", 1, {"mention"}),
        ("`@all` me@example.com", 0, {"code"}),
        ("@\u200ball", 0, set()),
        ("**b** _i_ ~~s~~ [x](http://y)", 0, {"bold", "italic", "strike", "link"}),
        ("# Heading\n* item", 0, {"heading", "list"}),
        ("~town-square #tag :smile:", 0, {"reference"}),
        (r"\*x\* \[a\]\(b\)", 0, set()),
    ],
)
def test_text(text: str, mentions: int, active: set[str]) -> None:
    """Names notify in any text, escaped or not, but for code; Markdown is read."""
    shown = seen("mattermost", {"text": text})
    assert len(shown.mentions) == mentions
    assert set(shown.active) == active


def test_attachment() -> None:
    """An attachment's text notifies; its fields do not, but show who is named."""
    fields = [{"title": "Who", "value": "@all", "short": True}]
    attachment = {"color": "#ff0000", "title": "T", "title_link": "https://example.com", "text": "@here"}
    shown = seen("mattermost", {"attachments": [{**attachment, "fields": fields}]})
    assert shown.mentions == ("@here",)
    assert shown.active == {"mention": 1, "reference": 1, "link": 1}
    assert shown.color == "#ff0000"
