"""The fake of Discord answers as Discord is documented to, and reads its Markdown."""

import json
from typing import Any

import pytest

from tests.unit.receivers.asking import ask, seen

LONG = {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}]}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"content": "x" * 2_001}, ["content"]),
        ({"embeds": [{"title": "x"}] * 11}, ["embeds"]),
        ({"embeds": [{"title": "x" * 257}]}, ["embeds", "0", "title"]),
        ({"embeds": [{}, {"description": "x" * 4_097}]}, ["embeds", "1", "description"]),
        ({"embeds": [{"fields": [{"name": "x", "value": "y"}] * 26}]}, ["embeds", "0", "fields"]),
        ({"embeds": [{"fields": [{"name": "", "value": "y"}]}]}, ["embeds", "0", "fields", "0", "name"]),
        ({"embeds": [{"fields": [{"name": "x", "value": " \n"}]}]}, ["embeds", "0", "fields", "0", "value"]),
        (
            {"embeds": [{"fields": [{"name": "x", "value": "y" * 1_025}]}]},
            ["embeds", "0", "fields", "0", "value"],
        ),
        ({"embeds": [{"footer": {"text": "x" * 2_049}}]}, ["embeds", "0", "footer"]),
        ({"embeds": [{"description": "x" * 3_000}] * 3}, ["embeds"]),
        ({"embeds": [{"title": "x", "url": "javascript:1"}]}, ["embeds", "0", "url"]),
        ({"embeds": [{"title": "x", "timestamp": "today"}]}, ["embeds", "0", "timestamp"]),
    ],
)
def test_invalid_form(body: Any, path: list[str]) -> None:
    """Whatever is beyond a limit is named by its path, with code 50035."""
    answer = ask("discord", body)
    told = json.loads(answer.body)
    assert (answer.status, told["code"], told["message"]) == (400, 50035, "Invalid Form Body")
    errors = told["errors"]
    for key in path:
        errors = errors[key]
    assert errors["_errors"][0]["code"]


def test_answers() -> None:
    """It answers 204, or 200 if asked to wait; no text and an unknown webhook are refused."""
    assert ask("discord", {"content": "x" * 2_000}).status == 204
    assert ask("discord", {"content": "x"}, "/api/webhooks/1/x?wait=true").status == 200
    assert json.loads(ask("discord", {}).body) == {"message": "Cannot send an empty message", "code": 50006}
    assert ask("discord", {"content": "x"}, "/api/webhooks/1/removed").status == 404
    assert ask("discord", b"{").status == 400


@pytest.mark.parametrize(
    ("text", "visible", "active"),
    [
        ("**bold** *italic* __under__ ~~gone~~ ||spoiler||", "bold italic under gone spoiler", 5),
        ("`code` ```py\nx```", None, 1),
        ("# Heading\n> quote\n- item", "Heading\nquote\nitem\n", 3),
        ("[text](https://example.com)", "text", 1),
        ("<@123> <#123> <t:1700000000:R> <:name:123>", None, 1),
        (r"\*\*x\*\* \<@123\> \[a\]\(b\) \`x\`", "**x** <@123> [a](b) `x`", 0),
        ("snake_case_name and &lt;", "snake_case_name and &lt;", 0),
    ],
)
def test_markdown(text: str, visible: str | None, active: int) -> None:
    """The documented Markdown is read, and a backslash makes it text."""
    shown = seen("discord", {"embeds": [{"description": text}]})
    assert visible in (None, shown.text)
    assert len(shown.active) == active


@pytest.mark.parametrize(
    ("allowed", "mentions"),
    [
        ({}, ("<@123>",)),
        ({"allowed_mentions": {"parse": []}}, ()),
        ({"allowed_mentions": {"parse": ["everyone"]}}, ("@everyone",)),
    ],
)
def test_mentions(allowed: dict[str, Any], mentions: tuple[str, ...]) -> None:
    """``allowed_mentions`` says whom a text notifies, by default users; embeds notify nobody."""
    body = {"content": "@everyone <@123>", "embeds": [{"description": "@everyone"}], **allowed}
    assert seen("discord", body).mentions == mentions
