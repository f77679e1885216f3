"""In a handwritten template a value is text, however it gets there, and what the template wrote is markup."""

import json
from typing import Any

import pytest
from hypothesis import given

from notifications.core.model import PresetName
from notifications.core.presets import PRESETS
from notifications.core.templates import render
from tests.receivers.seen import Seen
from tests.samples import hostile
from tests.unit.core.presets.asking import NAMES, ask

BODIES: dict[PresetName, str] = {
    "slack": '{"text": "%s"}',
    "teams": (
        '{"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive",'
        ' "contentUrl": null, "content": {"type": "AdaptiveCard", "version": "1.4", "body":'
        ' [{"type": "TextBlock", "text": "%s", "wrap": true}]}}]}'
    ),
    "discord": '{"content": "%s"}',
    "mattermost": '{"text": "%s"}',
    "google-chat": '{"text": "%s"}',
    "telegram": '{"text": "%s", "parse_mode": "HTML"}',
}
"""What the services that have markup show it in."""

BOLD: dict[PresetName, str] = {
    "slack": "*{0}*",
    "teams": "**{0}**",
    "discord": "**{0}**",
    "mattermost": "**{0}**",
    "google-chat": "*{0}*",
    "telegram": "<b>{0}</b>",
}
LINKS: dict[PresetName, str] = {
    "slack": "<https://ui.example/{{ v }}|t>",
    "teams": "[t](https://ui.example/{{ v }})",
    "discord": "[t](https://ui.example/{{ v }})",
    "mattermost": "[t](https://ui.example/{{ v }})",
    "google-chat": "<https://ui.example/{{ v }}|t>",
    "telegram": "<a href='https://ui.example/{{ v }}'>t</a>",
}
WAYS = (
    "{{ v }}",
    "{{ v ~ '' }}",
    "{{ [v] | join }}",
    "{% set x %}{{ v }}{% endset %}{{ x }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(v) }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(v) | string }}",
    "{% for x in [v] recursive %}{{ x }}{% endfor %}",
    "{{ [v] }}",
    "{{ {v: v} | tojson }}",
)
WITH_MARKUP = sorted(BODIES)


def shown(name: PresetName, source: str, value: Any) -> Seen:
    """Render a template with a value for a service, send it, and return what the service shows."""
    made = render(BODIES[name] % source, {"v": value}, "json", escape=PRESETS[name].escape)
    answer = ask(name, json.loads(made))
    assert answer.seen is not None, answer
    return answer.seen


@pytest.mark.parametrize("name", WITH_MARKUP)
@pytest.mark.parametrize("source", WAYS)
def test_bait(name: PresetName, source: str) -> None:
    """What looks like markup is shown as it is, whatever way it takes through the template."""
    safe = shown(name, f"a {source} b", "x").active
    for text in hostile.PIECES:
        found = shown(name, f"a {source} b", f"x{text}")
        assert found.active == safe, found
        assert not found.mentions


@pytest.mark.parametrize("name", WITH_MARKUP)
@pytest.mark.parametrize(
    "bait", ["@all", "@here", "x @admin", "http://evil.example", "https://e.example", "{{DATE(x)}}"]
)
def test_side_by_side(name: PresetName, bait: str) -> None:
    """What two values side by side would make together is as inert as in one of them."""
    for at in range(len(bait) + 1):
        found = shown(name, "a {{ v[0] }}{{ v[1] }} b", [bait[:at], bait[at:]])
        assert not found.active, found
        assert [run for part in found.parts for run in part.runs if run.link] == []


@pytest.mark.parametrize("name", WITH_MARKUP)
def test_link(name: PresetName) -> None:
    """A value within the address of a link leads nowhere else, and ends neither the link nor its tag."""
    for text in (*hostile.PIECES, "a|b>", ") [x](http://evil)", "' onclick='x", "|e> <http://evil.example|t"):
        found = shown(name, LINKS[name], text)
        assert all(link.startswith("https://ui.example/") for _, link in found.links), found
        assert not found.mentions


@pytest.mark.parametrize("name", WITH_MARKUP)
@given(value=hostile.texts, other=hostile.texts)
def test_any(name: PresetName, value: str, other: str) -> None:
    """Also together with other such texts, in lists and as names."""
    source = "{{ v.a }} {{ v }} {{ v.b | tojson }}"
    found = shown(name, source, {"a": f"x{value}", "b": [{f"x{value}": f"x{other}"}]})
    assert found.active == shown(name, source, {"a": "x", "b": [{"x": "x"}]}).active, found


@pytest.mark.parametrize("name", WITH_MARKUP)
@pytest.mark.parametrize(
    "source",
    [
        "{bold}",
        "{{{{ '{bold}' if v else v }}}}",
        "{{% set x %}}{bold}{{% endset %}}{{{{ x }}}}",
        "{{% macro m() %}}{bold}{{% endmacro %}}{{{{ m() }}}}",
        "{{{{ v | safe_markup }}}}",
    ],
)
def test_what_the_template_wrote_is_markup(name: PresetName, source: str) -> None:
    """The template's own markup is active, and so is a value that it takes as markup on purpose."""
    bold = BOLD[name].format("word")
    found = shown(name, f"a {source.format(bold=bold)} b", bold)
    assert found.active["bold"] == 1, found
    assert "word" in found.text


@pytest.mark.parametrize("name", NAMES)
def test_half_of_a_character(name: PresetName) -> None:
    """Half of a surrogate pair becomes a sign that stands for it, not an error."""
    made = render("{{ v }}", {"v": "\ud83d\u202e"}, escape=PRESETS[name].escape)
    assert made.encode()
