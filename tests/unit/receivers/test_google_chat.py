"""The fake of Google Chat answers as its API is documented to, and reads texts and cards."""

import json
from typing import Any

import pytest

from tests.unit.receivers.asking import ask, seen


def card(*widgets: Any, **header: str) -> dict[str, Any]:
    """Make a message of a card."""
    content: dict[str, Any] = {"sections": [{"widgets": list(widgets)}]}
    return {"cardsV2": [{"cardId": "c", "card": {**content, **({"header": header} if header else {})}}]}


def paragraph(text: str) -> dict[str, Any]:
    """Make a widget of a text."""
    return {"textParagraph": {"text": text}}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "Hello"}, 200),
        ({"text": "x" * 4_097}, 400),
        (card(paragraph("x")), 200),
        (card(*[paragraph("x" * 400)] * 80), 400),
        (card(*[paragraph("x")] * 101), 400),
        (card(), 400),
        ({"text": ""}, 400),
        ({"content": "x"}, 400),
        (b"{", 400),
    ],
)
def test_answers(body: Any, status: int) -> None:
    """It answers with the message, or with an error and its status."""
    answer = ask("google-chat", body)
    assert answer.status == status
    told = json.loads(answer.body)
    assert told["name"] if status == 200 else told["error"]["status"] == "INVALID_ARGUMENT"


def test_key() -> None:
    """Without its key and token an address takes nothing."""
    assert ask("google-chat", {"text": "x"}, "/v1/spaces/A/messages").status == 403
    assert ask("google-chat", {"text": "x"}, "/v1/rooms").status == 404


@pytest.mark.parametrize(
    ("text", "visible", "active"),
    [
        ("Your pizza delivery *has arrived*! _x_ ~y~ `z`", None, {"bold", "italic", "strike", "code"}),
        ("*\u200bnot bold*\u200b", None, set()),
        ("<https://example.com|Example website>", "Example website", {"link"}),
        ("Attention <users/all>: now", None, {"mention"}),
        ("&lt;users/all&gt;", "&lt;users/all&gt;", set()),
    ],
)
def test_text(text: str, visible: str | None, active: set[str]) -> None:
    """A text's markup is that of its users, without entities."""
    shown = seen("google-chat", {"text": text})
    assert set(shown.active) == active
    assert visible in (None, shown.text)


def test_card() -> None:
    """A card's texts are a subset of HTML, its header and labels plain."""
    text = '<b>bold</b> <a href="https://example.com">x</a><br>&lt;b&gt; <users/all> *y*'
    labelled = {"decoratedText": {"topLabel": "<b>L</b>", "text": "<i>v</i>"}}
    button = {
        "buttonList": {"buttons": [{"text": "Open", "onClick": {"openLink": {"url": "https://e.com"}}}]}
    }
    shown = seen("google-chat", card(paragraph(text), labelled, button, title="<b>T</b>"))
    assert [part.text for part in shown.parts] == ["<b>T</b>", "bold x\n<b>  *y*", "<b>L</b>", "v", "Open"]
    assert shown.active == {"bold": 1, "italic": 1, "link": 2, "reference": 1}
