"""What rules send to the eight services is taken, shown, and does nothing that no template wrote."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.receiver import Received
from notifications.core import json_text, rendering
from notifications.core.model import Event, EventType, PresetName, WebhookSpec
from notifications.core.presets import PRESETS, mark
from notifications.core.rule_types import BUILT_IN
from notifications.core.samples import sample
from notifications.core.variables import Variables
from notifications.core.windows import digests
from tests.receivers import SERVICES
from tests.receivers.seen import Seen
from tests.samples.configuration import channel, rule
from tests.samples.hostile_events import OWN_TYPES, TYPES, events, plain

EVENT_ID = "6a7e8feb-b491-4cf7-a9f1-bf3703467801"
AT = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
ROUTING_KEY = "0123456789abcdef0123456789abcdef"
URLS: Mapping[PresetName, str] = {
    **{name: f"https://service.example{SERVICES[name].path}" for name in PRESETS},
    "telegram": f"https://service.example{SERVICES['telegram'].path}?chat_id=-1001234567890",
    "ntfy": "https://service.example/mytopic",
}
NAMES = sorted(URLS)
FIRST_CHARS = 12
"""How much of a title is seen at least: where each sign takes a long escape, little of it fits."""

UNSEEN = dict.fromkeys(
    [0x200B, 0x2060, 0xAD, *range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)

BOLD_AND_LINK = "**{{ a }}** [{{ a }}](https://a.example)"
HANDWRITTEN: Mapping[PresetName, Any] = {
    "slack": {
        "text": "*{{ a }}*",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "_{{ a }}_ <https://a.example|{{ a }}>"}}
        ],
    },
    "teams": {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "content": {
                    "type": "AdaptiveCard",
                    "version": "1.4",
                    "body": [{"type": "TextBlock", "text": BOLD_AND_LINK, "wrap": True}],
                },
            }
        ],
    },
    "discord": {
        "content": "**{{ a }}**",
        "embeds": [{"title": "{{ a }}", "description": "[{{ a }}](https://a.example)"}],
    },
    "pagerduty": {
        "payload": {
            "summary": "{{ a }}",
            "source": "s",
            "severity": "info",
            "custom_details": {"a": "{{ a }}"},
        }
    },
    "mattermost": {"text": BOLD_AND_LINK, "username": "backend.ai"},
    "google-chat": {
        "cardsV2": [{"card": {"sections": [{"widgets": [{"textParagraph": {"text": "<b>{{ a }}</b>"}}]}]}}]
    },
    "telegram": {"text": '<b>{{ a }}</b> <a href="https://a.example">{{ a }}</a>'},
    "ntfy": {"title": "{{ a }}", "message": "{{ a }}"},
}
LONG = "{% for number in range(9000) %}word {% endfor %}"
A_TYPE = EventType("own.a", None, {"properties": {"a": {"type": "string"}}})


def sent(
    name: PresetName, event_type: EventType, data: Mapping[str, Any], template: str = ""
) -> tuple[Seen, str]:
    """Render what a rule sends, give it to the service, and return what is seen, and the message itself."""
    return taken(
        name,
        event_type,
        rendering.variables(Event(EVENT_ID, event_type.name, AT, data), event_type),
        template,
    )


def taken(
    name: PresetName, event_type: EventType, variables: Variables, template: str = ""
) -> tuple[Seen, str]:
    """Give a service what is rendered of variables; see ``sent``."""
    made = rule(rule_type=event_type.name, message_template=template)
    message = rendering.message(made, channel(spec=WebhookSpec(URLS[name], preset=name)), variables)
    addressed = PRESETS[name].address(URLS[name], json.loads(message), ROUTING_KEY)
    parts = urlsplit(addressed.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    answer = SERVICES[name].answer(Received("POST", path, {}, json_text.compact(addressed.body).encode()))
    assert answer.seen is not None, f"{name}: {answer.status} {answer.body!r}: {answer.lost}"
    return answer.seen, message


def digest(name: PresetName, event_type: EventType, several: Sequence[Mapping[str, Any]]) -> Seen:
    """Send the default message of a digest, and return what is seen."""
    made = [
        rendering.variables(Event(f"{EVENT_ID}-{at}", event_type.name, AT, data), event_type)
        for at, data in enumerate(several)
    ]
    by = ("a_b_c", "seconds")
    together = digests.variables(made, by, [several[0].get(field) for field in by])
    return taken(name, event_type, together)[0]


@cache
def plainly(name: PresetName, event_type: str) -> Seen:
    """Return what is seen of an event with plain words: the same for all events of a type."""
    known = next(each for each in TYPES if each.name == event_type)
    return sent(name, known, plain(known))[0]


@cache
def plain_digest(name: PresetName, events: int) -> Seen:
    """Return what is seen of a digest of so many events with plain words."""
    return digest(name, OWN_TYPES[0], [plain(OWN_TYPES[0])] * events)


@cache
def plainly_handwritten(name: PresetName) -> Seen:
    """Return what is seen of a template of one's own with a plain word in it."""
    return sent(name, A_TYPE, {"a": "x"}, json.dumps(HANDWRITTEN[name]))[0]


def title_of(event_type: EventType, data: Mapping[str, Any]) -> str:
    """Return the title of an event's default message, without escapes."""
    variables = rendering.variables(Event(EVENT_ID, event_type.name, AT, data), event_type)
    return rendering.composed(
        rule(rule_type=event_type.name, message_template=""), channel(), variables
    ).title


def visible(text: str) -> str:
    """Return what can be seen of a text: without characters of no width, and without the spaces."""
    return "".join(text.translate(UNSEEN).split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("event_type", TYPES, ids=lambda event_type: event_type.name)
def test_samples(name: PresetName, event_type: EventType) -> None:
    """The default message of each type is taken whole, with its title, its fields and the event's id."""
    data = sample(event_type)
    seen, _ = sent(name, event_type, data)
    title = visible(title_of(event_type, data))
    assert "http" in title or title in visible(seen.text)
    assert event_type.name in seen.text
    assert EVENT_ID in seen.text
    assert "[cut;" not in seen.text
    assert not seen.mentions


@pytest.mark.slow
@settings(max_examples=10 * settings().max_examples)
@given(events())
def test_random_events(drawn: tuple[EventType, dict[str, Any], dict[str, Any]]) -> None:
    """Of 1,000 random events of up to 200 KiB each service takes all, and nothing in them is active."""
    event_type, data, _ = drawn
    title = visible(title_of(event_type, data))
    for name in NAMES:
        seen, message = sent(name, event_type, data)
        assert seen.active <= plainly(name, event_type.name).active, name
        assert not seen.mentions, name
        assert "http" in title or title[:FIRST_CHARS] in visible(seen.text), name
        assert ("[cut; event" not in message) or visible(mark(EVENT_ID)) in visible(seen.text), name


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=settings().max_examples // 2)
@given(drawn=st.lists(events(OWN_TYPES[:1]), min_size=2, max_size=8))
def test_digests(name: PresetName, drawn: list[tuple[EventType, dict[str, Any], dict[str, Any]]]) -> None:
    """A digest of such events is taken, counts them, and nothing in it is active."""
    event_type = drawn[0][0]
    seen = digest(name, event_type, [data for _, data, _ in drawn])
    assert seen.active <= plain_digest(name, len(drawn)).active
    assert not seen.mentions
    assert visible(f"{len(drawn)} events:") in visible(seen.text)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=2 * settings().max_examples)
@given(drawn=events())
def test_handwritten(name: PresetName, drawn: tuple[EventType, dict[str, Any], dict[str, Any]]) -> None:
    """A template of one's own does what it says, and values in it, or a body too long, do nothing."""
    _, data, _ = drawn
    value = next((text for text in data.values() if isinstance(text, str) and text.strip()), "x")
    template = json.dumps(HANDWRITTEN[name])
    # With letters around it, since marks that a template writes around spaces are none.
    seen, message = sent(name, A_TYPE, {"a": f"a{value}z"}, template)
    assert seen.active <= plainly_handwritten(name).active
    assert not seen.mentions
    assert ("[cut; event" not in message) or visible(mark(EVENT_ID)) in visible(seen.text)


@pytest.mark.parametrize("name", NAMES)
def test_too_long_by_itself(name: PresetName) -> None:
    """What a template itself writes too long is cut, and says so."""
    template = json.dumps(HANDWRITTEN[name]).replace("{{ a }}", LONG)
    seen, _ = sent(name, A_TYPE, {"a": "x"}, template)
    assert visible(mark(EVENT_ID)) in visible(seen.text)


def test_every_type_is_named() -> None:
    """No built-in type is left out here."""
    assert {event_type.name for event_type in TYPES} >= BUILT_IN.keys()
