"""The fake of Teams answers as a flow does, and loses what Teams loses."""

import json
from typing import Any

import pytest

from tests.receivers.teams import CARD, stored_bytes
from tests.unit.receivers.asking import ask, seen


def message(*elements: Any, **card: Any) -> dict[str, Any]:
    """Make a message of a card."""
    content = {"type": "AdaptiveCard", "version": "1.4", "body": list(elements), **card}
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": content}]}


def block(text: str, **more: Any) -> dict[str, Any]:
    """Make a text block that wraps."""
    return {"type": "TextBlock", "text": text, "wrap": True, **more}


def test_answers_nothing() -> None:
    """The flow answers 202 without a body."""
    answer = ask("teams", message(block("hello")))
    assert (answer.status, answer.body) == (202, b"")
    assert answer.seen


@pytest.mark.parametrize(
    "body",
    [
        {"text": "hello"},
        message(block("x"), version="1.5"),
        message(block("x" * 28_672)),
        message({"type": "Table"}),
        message(block("x"), actions=[{"type": "Action.Execute", "title": "x"}]),
    ],
    ids=["bare", "version", "size", "element", "action"],
)
def test_loses(body: Any) -> None:
    """What the flow cannot post is lost, and its sender told 202 all the same."""
    answer = ask("teams", body)
    assert answer.status == 202
    assert answer.seen is None
    assert answer.lost


def test_refuses() -> None:
    """Only what is no JSON, or not signed, is refused."""
    assert ask("teams", b"{").status == 400
    assert ask("teams", message(block("x")), "/workflows/1/invoke?api-version=1").status == 401


def test_size_as_stored() -> None:
    """Quotes, backslashes and line ends count twice, so 24,453 bytes that were sent can be 28,897."""
    rows = [{"type": "TextBlock", "text": "x" * 10, "wrap": True, "size": "small"} for _ in range(300)]
    card = message(*rows)["attachments"][0]["content"]
    sent = len(json.dumps(card).encode())
    assert 20_000 < sent < 24_453
    assert stored_bytes(card) > 1.15 * sent


def test_unwrapped() -> None:
    """A text that does not wrap is cut."""
    assert len(seen("teams", message({"type": "TextBlock", "text": "x" * 500})).text) < 100


@pytest.mark.parametrize(
    ("text", "visible", "active"),
    [
        ("**bold** _italic_", "bold italic", {"bold", "italic"}),
        ("[Microsoft](https://www.microsoft.com)", "Microsoft", {"link"}),
        ("- one\n- two", "one\ntwo\n", {"list"}),
        (r"\*\*not\*\* \[x\]\(http://x\)", "**not** [x](http://x)", set()),
        ("<b>x</b> &lt;b&gt;", "<b>x</b> <b>", set()),
        ("<at>everyone</at>", "<at>everyone</at>", set()),
    ],
)
def test_markdown(text: str, visible: str, active: set[str]) -> None:
    """A text block has a subset of Markdown, and no HTML."""
    shown = seen("teams", message(block(text)))
    assert (shown.text, set(shown.active)) == (visible, active)


def test_mention() -> None:
    """A mention is active only if the card lists it."""
    entity = {"type": "mention", "text": "<at>Ops</at>", "mentioned": {"id": "1", "name": "Ops"}}
    body = message(block("Hi <at>Ops</at>"), msteams={"entities": [entity]})
    assert seen("teams", body).mentions == ("Ops",)


def test_facts_and_buttons() -> None:
    """Facts are labels with values; a button leads somewhere."""
    facts = {"type": "FactSet", "facts": [{"title": "Session", "value": "s1"}]}
    action = {"type": "Action.OpenUrl", "title": "Open", "url": "https://example.com"}
    shown = seen("teams", message(block("T", size="large"), facts, actions=[action]))
    assert [part.role for part in shown.parts] == ["title", "label", "value", "button"]
    assert shown.links == (("Open", "https://example.com"),)
