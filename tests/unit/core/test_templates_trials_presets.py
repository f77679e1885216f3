"""A template for a channel with a preset is tried when it is saved: its service must be able to take it."""

import pytest

from notifications.core import templates, trials
from notifications.core.errors import LacksContent, NotJson
from notifications.core.model import PresetName
from notifications.core.presets import PRESETS
from tests.samples.configuration import event_type
from tests.unit.core.presets.asking import NAMES

TYPE = event_type(
    {
        "name": {"type": "string"},
        "note": {"type": ["string", "null"]},
        "severity": {"type": "string"},
        "labels": {"type": "object"},
        "cards": {"type": "array", "items": {}},
        "payload": {},
        "either": {"anyOf": [{"type": "string"}, {"type": "object"}]},
    },
    additionalProperties=True,
)
BARE = [
    '{"session": "{{ name }}", "severity": "{{ severity }}"}',
    '{"session": "{{ name | upper }}"}',
    '{% if note %}{"a": 1}{% else %}{"b": "{{ name }}"}{% endif %}',
    '["{{ name }}"]',
    '"{{ name }}!"',
    "{}",
]
CARD = '{"type": "message", "attachments": [{"content": %s}]}'
EVENT = '{"payload": {"summary": "{{ name }}", "source": "s", "severity": %s}}'
NEVER: list[tuple[PresetName, str, str]] = [
    ("slack", '{"username": "{{ name }}", "test": ""}', "Slack shows nothing without text"),
    ("slack", '{"text": "", "session": "{{ name }}", "text": []}', "Slack shows nothing without text"),
    ("teams", '{"text": "{{ name }}"}', "it has no card"),
    ("teams", '{"type": "AdaptiveCard", "body": [{"text": "{{ name }}"}]}', "the card stands alone"),
    ("teams", CARD % '"{{ name }}!"', "it has no card"),
    ("pagerduty", '{"payload": {"summary": "{{ name }}", "source": "s"}}', "without payload.severity"),
    ("telegram", '{"caption": "{{ name }}"}', "Telegram refuses a message without text"),
]  # fmt: skip
TAKEN: list[tuple[PresetName, str]] = [
    ("slack", '{"text": "{{ name }}"}'),
    ("slack", '{"text": "{{ data[\'other\'] }}"}'),
    ("slack", '{"text": {{ data["other"] | tojson }}}'),
    ("slack", '{"{{ name }}": "x"}'),
    ("slack", "{{ data }}"),
    ("slack", "{{ data | tojson }}"),
    ("slack", "{{ payload }}"),
    ("slack", "{{ either | tojson }}"),
    ("slack", '{% for k in data %}{% if loop.first %}{"{{ k }}": "{{ name }}"}{% endif %}{% endfor %}'),
    ("slack", '{"session": "{{ name }}"{% if note %}, "text": "x"{% endif %}}'),
    ("slack", '{"{{ "text" if name == "z" else "session" }}": "x"}'),
    ("slack", '{"a": {{ labels.count + 1 }}}'),
    ("teams", CARD % "{{ payload }}"),
    ("teams", '{"attachments": {{ cards }}}'),
    ("teams", '{"attachments": [{% for card in cards %}{{ card }}{{ "," if not loop.last }}{% endfor %}]}'),
    ("teams", CARD % "{}"),
    ("pagerduty", EVENT % '"{{ severity }}"'),
    ("pagerduty", EVENT % "\"{{ {'a': 'error'}[severity] }}\""),
    ("pagerduty", '{"payload": {{ either }}}'),
    ("pagerduty", '{"event_action": "{{ name }}"}'),
    ("telegram", '{"text": {{ payload }}}'),
    ("telegram", '{"text": "{{ name }}", "parse_mode": "{{ severity }}"}'),
    ("ntfy", '{"title": "{{ name }}"}'),
]  # fmt: skip


def check(preset: PresetName, source: str) -> None:
    """Save a template for a channel with a preset."""
    templates.check(source, TYPE, "json")
    trials.check(source, TYPE, "json", preset=PRESETS[preset])


@pytest.mark.parametrize("preset", [name for name in NAMES if name != "ntfy"])
@pytest.mark.parametrize("source", BARE)
def test_what_no_service_takes(preset: PresetName, source: str) -> None:
    """JSON that has nothing of what the service shows is refused, whatever its values are."""
    with pytest.raises(LacksContent, match=r"^With a sample of custom\.made: "):
        check(preset, source)


@pytest.mark.parametrize(("preset", "source", "told"), NEVER)
def test_what_a_service_never_takes(preset: PresetName, source: str, told: str) -> None:
    """A template is refused with what its service needs, if no event could give it that."""
    with pytest.raises(LacksContent) as caught:
        check(preset, source)
    assert told in caught.value.message


@pytest.mark.parametrize(("preset", "source"), TAKEN)
def test_what_depends_on_the_event(preset: PresetName, source: str) -> None:
    """A template is taken if some event may make a message of it that the service takes."""
    check(preset, source)


def test_json_comes_first() -> None:
    """A template that makes no JSON is told so, in the same words as without a preset."""
    with pytest.raises(NotJson):
        check("slack", '{"text": }')
