"""The fake of Telegram answers as its Bot API does, and parses HTML as tdlib does."""

import json
from typing import Any

import pytest

from tests.unit.receivers.asking import ask, seen

CHAT = {"chat_id": "-1001234567890", "parse_mode": "HTML"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "message text is empty"),
        ("<b></b>", "message text is empty"),
        ("x" * 4_097, "message is too long"),
        ("😀" * 2_049, "message is too long"),
        ("a<b", "can't parse entities: Unclosed start tag at byte offset 1"),
        ("é <x>", 'can\'t parse entities: Unsupported start tag "x" at byte offset 3'),
        ("a < b", 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
        ("</b>", "can't parse entities: Unexpected end tag at byte offset 0"),
        ("<b>x", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        (
            "<b>x</i>",
            'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("<span>x</span>", 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_refuses(text: str, said: str) -> None:
    """What it refuses it tells in its parser's words."""
    answer = ask("telegram", {**CHAT, "text": text})
    told = json.loads(answer.body)
    if text == "a < b":
        assert told["description"].startswith("Bad Request: can't parse entities: Un")
    else:
        assert told["description"] == f"Bad Request: {said}"
    assert (answer.status, told["ok"]) == (400, False)


@pytest.mark.parametrize(
    ("text", "visible", "active"),
    [
        (
            "<b>b</b> <i>i</i> <u>u</u> <s>s</s> <tg-spoiler>x</tg-spoiler> <code>c</code>",
            "b i u s x c",
            {"bold", "italic", "underline", "strike", "spoiler", "code"},
        ),
        ('<a href="http://www.example.com/?a=1&amp;b=2">inline URL</a>', "inline URL", {"link"}),
        ('<a href="tg://user?id=123456789">user</a>', "user", {"mention", "link"}),
        ("&lt;b&gt; &amp;amp; &quot; &apos; &#33; & <b>x</b>", '<b> &amp; " &apos; ! & x', {"bold"}),
        ("@username and <code>@username</code> me@example.com", None, {"mention", "code"}),
        ("@\u2060username", "@\u2060username", set()),
        ('<pre><code class="language-python">x &gt; 1</code></pre>', "x > 1", {"code"}),
    ],
)
def test_html(text: str, visible: str | None, active: set[str]) -> None:
    """The documented tags and its four entities are read; names notify without markup."""
    shown = seen("telegram", {**CHAT, "text": text})
    assert set(shown.active) == active
    assert visible in (None, shown.text)


@pytest.mark.parametrize(
    ("body", "path", "status"),
    [
        ({"text": "x"}, None, 400),
        ({**CHAT, "text": "x", "parse_mode": "Wiki"}, None, 400),
        ({**CHAT, "text": "x"}, "/sendMessage", 404),
        ({**CHAT, "text": "x"}, "/bot1:revoked/sendMessage", 401),
        ({"chat_id": 1, "text": "<b> & *x*"}, None, 200),
    ],
)
def test_answers(body: Any, path: str | None, status: int) -> None:
    """It wants a chat, and a bot's token in its path; without a mode a text is as it stands."""
    assert ask("telegram", body, path).status == status
