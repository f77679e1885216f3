"""Bodies that somebody wrote by hand: cut where they are too long, refused where nothing would be seen."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import UnusableBody
from notifications.core.model import PresetName
from notifications.core.presets import PRESETS, fitted, problems
from notifications.core.presets.preset import mark
from tests.unit.core.presets.asking import EVENT, NAMES, ask

LONG = "long " * 20_000


def mrkdwn(text: str) -> dict[str, Any]:
    """Make a text of Slack."""
    return {"type": "mrkdwn", "text": text}


def card(*texts: str) -> dict[str, Any]:
    """Make a message of Teams."""
    body = [{"type": "TextBlock", "text": text, "wrap": True} for text in texts]
    content = {"type": "AdaptiveCard", "version": "1.4", "body": body}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [attachment]}


TOO_LONG: list[tuple[PresetName, Any, str]] = [
    ("slack", {"text": LONG}, "text"),
    ("slack", {"blocks": [{"type": "section", "text": mrkdwn(LONG)}]}, "blocks[0].text.text"),
    ("slack", {"blocks": [{"type": "section", "fields": [mrkdwn(LONG)]}]}, "blocks[0].fields[0].text"),
    ("slack", {"blocks": [{"type": "section", "fields": [mrkdwn("x")] * 11}]}, "blocks[0].fields has 11"),
    ("slack", {"blocks": [{"type": "section", "text": mrkdwn("x")}] * 51}, "blocks has 51 items"),
    (
        "slack",
        {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": LONG}}]},
        "blocks[0].text.text",
    ),
    ("slack", {"blocks": [{"type": "context", "elements": [mrkdwn(LONG)]}]}, "blocks[0].elements[0].text"),
    ("slack", {"attachments": [{"title": LONG, "text": "x", "footer": LONG}]}, "attachments[0].title"),
    ("slack", {"blocks": [{"type": "section", "text": mrkdwn("x" * 2_900)}] * 20}, "the message has"),
    ("discord", {"content": LONG}, "content"),
    ("discord", {"embeds": [{"title": LONG, "description": LONG}]}, "embeds[0].title"),
    ("discord", {"embeds": [{"description": "x" * 4_000}] * 2}, "embeds has 8000"),
    ("discord", {"embeds": [{"description": "x"}] * 11}, "embeds has 11 items"),
    ("discord", {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds[0].fields has 26"),
    ("teams", card(LONG), "the message has"),
    ("teams", card(*["x" * 400] * 100), "the message has"),
    ("mattermost", {"text": LONG}, "text has"),
    ("mattermost", {"attachments": [{"text": LONG}]}, "attachments has"),
    ("google-chat", {"text": LONG}, "text has"),
    ("telegram", {"text": f"<b>{LONG}</b>"}, "text has"),
    ("ntfy", {"message": LONG, "title": LONG}, "message has"),
    (
        "pagerduty",
        {"payload": {"summary": LONG, "source": "s", "severity": "info"}},
        "payload.summary has",
    ),
    (
        "pagerduty",
        {"payload": {"summary": "s", "source": "s", "severity": "info", "custom_details": {"a": [LONG * 6]}}},
        "the event has",
    ),
]


@pytest.mark.parametrize(("name", "body", "told"), TOO_LONG)
def test_cut(name: PresetName, body: Any, told: str) -> None:
    """A body that is too long is told of when it is saved, and cut and taken when it is sent."""
    preset = PRESETS[name]
    assert told in " ".join(preset.problems(copy.deepcopy(body)))
    fitted = preset.fit(copy.deepcopy(body), mark(EVENT))
    assert fitted.cut
    answer = ask(name, copy.deepcopy(body))
    assert answer.seen is not None, answer
    assert "…" in answer.seen.text
    assert not preset.fit(fitted.body, mark(EVENT)).cut


NOTHING: list[tuple[PresetName, Any, str]] = [
    ("slack", {}, "shows nothing"),
    ("slack", {"blocks": []}, "shows nothing"),
    ("teams", {"text": "x"}, "show nothing"),
    ("teams", {"type": "AdaptiveCard", "body": []}, "the card stands alone"),
    ("teams", {"type": "message", "attachments": []}, "show nothing"),
    ("discord", {"text": "x"}, "shows nothing"),
    ("mattermost", {"message": "x"}, "refuses a message without text"),
    ("google-chat", {"message": "x"}, "without text or cards"),
    ("telegram", {"text": "  "}, "without text"),
    ("telegram", {"text": "x", "parse_mode": "MarkdownV2"}, "leave parse_mode out"),
    ("ntfy", {"message": "x", "markdown": True}, "leave it out"),
    ("pagerduty", {"payload": {"summary": "x", "source": "s"}}, "without payload.severity"),
    ("pagerduty", {"payload": {"summary": "x", "source": "s", "severity": "warn"}}, "nearest is 'warning'"),
    ("pagerduty", {"event_action": "resolve"}, "needs the dedup_key"),
    ("pagerduty", {"event_action": "resolved", "dedup_key": "x"}, "nearest is 'resolve'"),
]


@pytest.mark.parametrize(("name", "body", "told"), NOTHING)
def test_refused_before_it_is_sent(name: PresetName, body: Any, told: str) -> None:
    """What a service would refuse, or take and not show, is refused in words."""
    with pytest.raises(UnusableBody, match=told.replace("(", r"\(")):
        PRESETS[name].fit(copy.deepcopy(body), mark(EVENT))
    assert any(told in problem for problem in problems(PRESETS[name], json.dumps(body)))


def test_too_much_but_texts() -> None:
    """What is too large without its texts is refused in words."""
    body = {**card("x"), "more": list(range(10_000))}
    with pytest.raises(UnusableBody, match="even without its texts"):
        PRESETS["teams"].fit(body, mark(EVENT))


def test_teams_shows_one_line() -> None:
    """Of a card it is told what Teams would show otherwise than it is meant."""
    body = card("x")
    content = body["attachments"][0]["content"]
    content["version"] = "1.6"
    content["body"][0].pop("wrap")
    version, wrap = PRESETS["teams"].problems(body)
    assert "version 1.6" in version
    assert 'attachments[0].content.body[0] has no "wrap": true' in wrap


def test_discord_keeps_what_is_written() -> None:
    """Mentions that a template allows stay allowed; otherwise nobody is notified."""
    fit = PRESETS["discord"].fit
    assert fit({"content": "x"}, "").body["allowed_mentions"] == {"parse": []}
    allowed = {"parse": ["users"]}
    assert fit({"content": "x", "allowed_mentions": allowed}, "").body["allowed_mentions"] == allowed


def test_slack_reads_nothing_into_texts() -> None:
    """Slack makes no links and mentions of its own of a text, unless the template asks for it."""
    body = {"text": "x", "blocks": [{"type": "section", "text": mrkdwn("see https://a.example")}]}
    made = PRESETS["slack"].fit(body, "").body
    assert made["parse"] == "none"
    assert made["blocks"][0]["text"]["verbatim"] is True
    asked = {"parse": "full", "blocks": [{"type": "section", "text": {**mrkdwn("x"), "verbatim": False}}]}
    assert PRESETS["slack"].fit(copy.deepcopy(asked), "").body == asked


def test_empty_texts() -> None:
    """An empty text, which the service would refuse, becomes a dash."""
    made = PRESETS["slack"].fit({"blocks": [{"type": "section", "text": mrkdwn("")}]}, "").body
    assert made["blocks"][0]["text"]["text"] == "–"  # noqa: RUF001
    fields = [{"name": "", "value": " "}]
    assert ask("discord", {"embeds": [{"fields": fields}]}).seen is not None


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("<b>x", "<b>x</b>"),
        ("x</b>", "x&lt;/b&gt;"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y&lt;/i&gt;"),
        ("<h1>x</h1>", "&lt;h1&gt;x&lt;/h1&gt;"),
        ('<a href="https://a.example/?a=1&amp;b=2">x</a>', '<a href="https://a.example/?a=1&amp;b=2">x</a>'),
    ],
)
def test_telegram_can_parse(text: str, mended: str) -> None:
    """HTML that Telegram could not parse is mended; what it does not know is shown as it is written."""
    assert PRESETS["telegram"].fit({"text": text}, "").body["text"] == mended
    assert ask("telegram", {"text": text}).seen is not None


def test_links_of_templates_stay_links() -> None:
    """A value in the address of a link that the template wrote leads where it says."""
    for name, template in (
        ("telegram", '<a href="{}">x</a>'),
        ("mattermost", "[x]({})"),
        ("discord", "[x]({})"),
        ("slack", "<{}|x>"),
        ("google-chat", "<{}|x>"),
    ):
        url = "https://a.example/my_path_/*x*?a=1"
        text = template.format(PRESETS[name].escape(url))  # type: ignore[index]
        answer = ask(name, {"content" if name == "discord" else "text": text})  # type: ignore[arg-type]
        assert answer.seen is not None
        ((_, link),) = answer.seen.links
        assert link in {url, "https://a.example/my_path%5F/%2Ax%2A?a=1"}


KEYS = (
    *("text", "blocks", "type", "fields", "elements", "attachments", "content", "embeds", "title", "body"),
    *("payload", "summary", "cardsV2", "message", "tags", "actions", "accessory", "version", "event_action"),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("depth", [100, 300, 500, 700, 900, 950, 980, 1_000, 100_000])
def test_any_depth(name: PresetName, depth: int) -> None:
    """A body of any depth is sent, or refused in words."""
    message = '{"text": "x", "content": "x", "message": "x", "a": ' + "[" * depth + "]" * depth + "}"
    refused = ""
    try:
        assert isinstance(fitted(PRESETS[name], message, EVENT), str)
    except UnusableBody as error:
        refused = error.message
    assert refused in (*problems(PRESETS[name], message), "")


@pytest.mark.parametrize("name", ["slack", "telegram", "mattermost", "google-chat"])
def test_half_characters(name: PresetName) -> None:
    """Half of a character, which JSON can write and UTF-8 cannot, becomes the sign of what is unknown."""
    made = fitted(PRESETS[name], '{"text": "x \\ud83d y \\ud83d\\ude00"}', EVENT)
    assert "x \ufffd y 😀" in made


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("name", NAMES)
@given(body=ANYTHING)
def test_any_shape(name: PresetName, body: Any) -> None:
    """A body of any shape is cut or refused in words; nothing else happens."""
    refused = ""
    try:
        assert isinstance(PRESETS[name].fit(copy.deepcopy(body), mark(EVENT)).body, dict)
    except UnusableBody as error:
        refused = error.message
    told = PRESETS[name].problems(copy.deepcopy(body))
    assert all(told)
    assert not refused or told
