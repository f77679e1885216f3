"""The fake of Slack answers as Slack is documented to, and reads its markup."""

from typing import Any

import pytest

from tests.unit.receivers.asking import ask, seen


def section(text: str, **more: Any) -> dict[str, Any]:
    """Make a message of a section."""
    return {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}]}


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"text": "Hello, World!"}, 200, "ok"),
        ({}, 400, "no_text"),
        (b"{", 400, "invalid_payload"),
        (b"[]", 400, "invalid_payload"),
        ({"text": "x", "blocks": [{"type": "table"}]}, 400, "invalid_blocks"),
        ({"blocks": [{"type": "section"}]}, 400, "invalid_blocks"),
        (section("x" * 3_000), 200, "ok"),
        (section("x" * 3_001), 400, "invalid_blocks"),
        (section("😀" * 1_501), 400, "invalid_blocks"),
        (section(""), 400, "invalid_blocks"),
        ({"blocks": section("x")["blocks"] * 50}, 200, "ok"),
        ({"blocks": section("x")["blocks"] * 51}, 400, "invalid_blocks"),
    ],
)
def test_answers(body: Any, status: int, said: str) -> None:
    """What Slack refuses it names in a word."""
    answer = ask("slack", body)
    assert (answer.status, answer.body.decode()) == (status, said)
    assert (answer.seen is None) == (status != 200)


@pytest.mark.parametrize(("length", "status"), [(150, 200), (151, 400)])
def test_header(length: int, status: int) -> None:
    """A header has at most 150 characters, and is plain text."""
    block = {"type": "header", "text": {"type": "plain_text", "text": "x" * length}}
    assert ask("slack", {"blocks": [block]}).status == status
    assert ask("slack", {"blocks": [{**block, "text": {"type": "mrkdwn", "text": "x"}}]}).status == 400


@pytest.mark.parametrize(("count", "length", "status"), [(10, 2_000, 200), (11, 1, 400), (1, 2_001, 400)])
def test_fields(count: int, length: int, status: int) -> None:
    """A section has at most ten fields of 2,000 characters."""
    fields = [{"type": "mrkdwn", "text": "x" * length}] * count
    assert ask("slack", {"blocks": [{"type": "section", "fields": fields}]}).status == status


@pytest.mark.parametrize(
    ("last", "status", "said"),
    [
        ("archived", 410, "channel_is_archived"),
        ("removed", 404, "no_service"),
        ("prohibited", 403, "action_prohibited"),
        ("revoked", 403, "invalid_token"),
    ],
)
def test_ended(last: str, status: int, said: str) -> None:
    """A webhook that has ended says why."""
    answer = ask("slack", {"text": "x"}, f"/services/T0/B0/{last}")
    assert (answer.status, answer.body.decode()) == (status, said)


@pytest.mark.parametrize(
    ("text", "visible", "active"),
    [
        ("*bold* _italic_ ~gone~ `code`", "bold italic gone code", {"bold", "italic", "strike", "code"}),
        ("a*b*c 2*3 snake_case_name", "a*b*c 2*3 snake_case_name", set()),
        ("<https://example.com|here> <https://example.com>", "here https://example.com", {"link"}),
        ("&lt;!channel&gt; &amp;amp; &quot;", "<!channel> &amp; &quot;", set()),
        ("<!channel> <!here|x> <@U012AB3CD> <!subteam^S1>", None, {"mention"}),
        ("<#C024BE7LR> <!date^1392734382^{date}|2014>", None, {"reference"}),
        ("> quoted\n&gt; too", "quoted\ntoo", {"quote"}),
        ("\u200b*\u200bbold\u200b*\u200b", None, {"bold"}),
        ("＊bold＊ ＞", "bold ＞", {"bold"}),  # noqa: RUF001 - they look alike
        ("＞ quoted", "quoted", {"quote"}),  # noqa: RUF001
        ("<!date^0^{_}|*>x<!date^0^{_}|*> *a<!date^0^{_}|*>b*", "*x* a*b", {"bold"}),
        ("```a\n*b*```", "a\n*b*", {"code"}),
    ],
)
def test_mrkdwn(text: str, visible: str | None, active: set[str]) -> None:
    """The documented examples of mrkdwn are read as documented."""
    shown = seen("slack", section(text, verbatim=True))
    assert set(shown.active) == active
    assert visible in (None, shown.text)


def test_names() -> None:
    """A text object that is not verbatim finds mentions and channels by itself."""
    assert seen("slack", section("@here in #general")).active == {"mention": 1, "reference": 1}
    assert not seen("slack", section("@here in #general", verbatim=True)).active


def test_fallback_mentions() -> None:
    """A mention in the text notifies although blocks are shown."""
    assert seen("slack", {"text": "<!channel>", **section("x")}).mentions == ("!channel",)


def test_rich_text() -> None:
    """In rich text nothing is markup but its styles."""
    elements = [{"type": "text", "text": "*a* <!here>", "style": {"bold": True}}]
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
    shown = seen("slack", {"blocks": [block]})
    assert (shown.text, shown.active) == ("*a* <!here>", {"bold": 1})
