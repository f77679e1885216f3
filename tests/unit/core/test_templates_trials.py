"""A template is tried with a sample when it is saved: for a JSON channel it must be able to make JSON."""

import contextlib

import pytest

from notifications.core import templates, trials
from notifications.core.errors import NotJson
from notifications.core.rule_types import BUILT_IN
from notifications.core.templating.compiling import CACHE
from tests.samples.configuration import event_type
from tests.speed import yardsticks

TYPE = event_type(
    {
        "name": {"type": "string"},
        "note": {"type": ["string", "null"]},
        "count": {"type": ["integer", "null"]},
        "items": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": {}, "ok": {"type": "boolean"}}},
        },
        "labels": {"type": "object"},
        "payload": {},
    }
)
NEVER = {
    "Session {{ name }} started": "line 1, column 1: this is no JSON value, at 'Session",
    "": "The message is empty",
    " {# nothing #}\n": "The message is empty",
    '{"a": 1,}': "there is a comma with nothing after it, at '}'",
    '{"a": 1,\n "b": [1, 2, ]\n}': "line 2, column 1",
    "[{% for i in items %}{{ i }},{% endfor %}]": "there is a comma with nothing after it",
    "[{% for i in items %}{{ i }}{% endfor %}]": "a comma is missing, or a bracket",
    '{"a": {{ name }}': "the message ends where more is expected",
    '{"a": 1}!': "there is more after the end, at '!'",
    "{'a': 1}": "a name in double quotes is missing",
    '{"a" 1}': "a colon is missing",
    '{"a": "one\ntwo"}': "a line break or another control character stands in a string",
    "{% if name %}yes{% else %}no{% endif %}": "this is no JSON value, at 'yes'",
    "{% if note %}yes{% endif %}": "this is no JSON value, at 'yes'",
    '{"a": {{ "yes" if note }}, {{ name }}}': "a colon is missing",
    "{{ name }} {{ note }}": "there is more after the end",
}
TAKEN = [
    "{{ name }}",
    "{{ data }}",
    "{{ data | tojson }}",
    '{"text": "{{ note }}", "note": {{ note }}, "count": {{ count }}}',
    '{% if note == "x" %}{"a": 1}{% endif %}',
    '{% if note is none %}{"a": 1}{% else %}no JSON{% endif %}',
    '{"a": 1{% if note %}, "note": {{ note }}{% endif %}{% if count %}, "count": {{ count }}{% endif %}}',
    '{{ "{" }}{% if not note %}"a": 1{% endif %}{{ "}" }}',
    '{% if name == "x" %}[{% for i in items %}{{ i }}{{ "," if not loop.last }}{% endfor %}]{% endif %}',
    '{% if name == "x" %}{% if note %}{"a": 1}{% endif %}{% elif count == 5 %}[]{% else %}-{% endif %}',
    '{"a": 1, {% for k, v in labels.items() %}"{{ k }}": "{{ v }}"{{ "," if not loop.last }}{% endfor %}}',
    '{"a": 1, {% for p in payload if p.ok == "no" %}"{{ p }}": 1{{ "," if not loop.last }}{% endfor %}}',
    '{"a": 1, {% for p in items | selectattr("id", "eq", 0) %}"p": 1{{ "," if not loop.last }}{% endfor %}}',
    (
        "{% set ns = namespace(first=true) %}[{% for i in items if i.id == 3 %}"
        "{% if not ns.first %},{% endif %}{{ i }}{% set ns.first = false %}{% endfor %}]"
    ),
    '{"a": "{{ labels.team.upper() }}",}',
    '{"a": {{ 100 / (count - 1) }}}',
    '{"a": "{{ name.split("/")[1].upper() }}"}',
    '{"a": {{ payload.score > 3 }}}',
    "{% for p in payload.list %}{{ p.x() }}{% endfor %}no JSON",
    '{"a": "{{ name.encode() }}"}',
    '{% macro m() %}{"a": 1}{% endmacro %}{{ m() }}',
    "".join(f'{{% if name == "{number}" %}}no{{% endif %}}' for number in range(20)),
]


@pytest.mark.parametrize(("source", "reason"), NEVER.items())
def test_never_json(source: str, reason: str) -> None:
    """What makes no JSON whichever way its conditions end is refused with place and reason."""
    templates.check(source, TYPE, "json")
    with pytest.raises(NotJson, match=r"With a sample of custom\.made: ") as caught:
        trials.check(source, TYPE, "json")
    assert reason in caught.value.message


@pytest.mark.parametrize("source", TAKEN)
def test_perhaps_json(source: str) -> None:
    """What makes JSON for some event, or fails for the sample's own data, is taken."""
    trials.check(source, TYPE, "json")


@pytest.mark.parametrize("source", [*NEVER, *TAKEN])
def test_text_may_be_anything(source: str) -> None:
    """A template for plain text is not refused for what it makes."""
    trials.check(source, TYPE, "text")


@pytest.mark.parametrize("rule_type", BUILT_IN)
def test_built_in_types(rule_type: str) -> None:
    """Each built-in type has a sample that its own schema takes, and all of it can be sent."""
    trials.check("{{ data }}", BUILT_IN[rule_type], "json")
    with pytest.raises(NotJson):
        trials.check("{{ data }},", BUILT_IN[rule_type], "json")


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% for a in range(2000) %}{% set x = ('-' * 8192) | wordwrap(3) %}{% endfor %}x",
        "{% if name %}x{% endif %}" * 6 + "{% for a in range(9000) %}y{% endfor %}",
        "".join("{% if name %}x{% else %}y{% endif %}" for _ in range(150)),
    ],
)
def test_a_trial_takes_no_more_than_its_time(source: str) -> None:
    """However much there is to try, trying ends, and what was not tried to the end is taken."""

    def trial() -> None:
        CACHE.clear()
        with contextlib.suppress(NotJson):
            trials.check(source, TYPE, "json")

    assert yardsticks(trial, limit=2_500) < 2_500
