"""A template is checked when it is saved: it parses, it names known fields only, and it is never run."""

import pytest

from notifications.core.errors import TemplateError
from notifications.core.rule_types import BUILT_IN
from notifications.core.templates import check
from notifications.core.templating.compiling import CACHE
from tests.samples.configuration import event_type
from tests.speed import yardsticks

STARTED = BUILT_IN["session.started"]
LISTS = event_type({"items": {"type": "array"}, "name": {"type": "string"}})
GUIDE = {
    "session.started": (
        '{"text": "Session {{ session_id }} ({{ session_type }}) started in {{ cluster_mode }} mode"}'
    ),
    "session.terminated": (
        '{"text": "Session {{ session_id }} terminated. Reason: {{ termination_reason or \'User\' }}"}'
    ),
    "artifact.download.completed": (
        "{\"title\": \"Artifact Download {{ 'Completed' if success else 'Failed' }}\", "
        '"artifact": "{{ artifact_name }} (v{{ version or \'latest\' }})"}'
    ),
    "endpoint.lifecycle.changed": "{{ endpoint_name }}: {{ from_status or '-' }} to {{ to_status }}",
}


@pytest.mark.parametrize("rule_type", GUIDE)
def test_guides_examples_are_taken(rule_type: str) -> None:
    """The guide's examples fit the fields of their types."""
    assert check(GUIDE[rule_type], BUILT_IN[rule_type]) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    "source",
    [
        "{{ rule_type }} at {{ timestamp.isoformat() }}: {{ data.name }}, {{ data['name'] }}",
        "{% for item in items %}{{ loop.index }}: {{ item }}{% endfor %}",
        "{% for key, value in data.items() %}{{ key }}={{ value }}{% endfor %}",
        "{% set greeting = 'hello' %}{{ greeting }} {{ name }}",
        "{% macro line(text, end='') %}{{ text }}{{ end }}{{ varargs }}{% endmacro %}{{ line(name, 1) }}",
        "{% macro box() %}[{{ caller() }}]{% endmacro %}{% call box() %}{{ name }}{% endcall %}",
        "{% for n in range(3) %}{{ n }}{% endfor %}{% set ns = namespace(a=1) %}{{ ns.a }}{{ dict(b=2) }}",
        "{% with short = name %}{{ short }}{% endwith %}",
        "{{ name | upper | default('-') }}{% if name is string %}!{% endif %}{{ items | tojson }}",
        "{% set data = {'own': 1} %}{{ data.own }}",
        "plain text, no variables at all",
        "",
    ],
)
def test_templates_own_names_are_taken(source: str) -> None:
    """Loop variables, set, with, macros, filters, tests and Jinja2's globals need no field."""
    assert check(source, LISTS) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("source", "line", "name", "nearest"),
    [
        ("{{ session_idd }}", 1, "session_idd", "session_id"),
        ("one\ntwo {{ sesion_name or 'N/A' }}", 2, "sesion_name", "session_name"),
        ("{{ data.clustermode }}", 1, "data.clustermode", "data.cluster_mode"),
        ("\n\n{{ data.statuss }}", 3, "data.statuss", "data.status"),
        ("{% if rule_typ == 'a' %}{% endif %}", 1, "rule_typ", "rule_type"),
        ("{% for statu in [1] %}{{ statu }}{% endfor %}\n{{ statu }}", 2, "statu", "status"),
    ],
)
def test_unknown_field(source: str, line: int, name: str, nearest: str) -> None:
    """A name that is no field is refused, with its line and the field that is most like it."""
    with pytest.raises(TemplateError) as caught:
        check(source, STARTED)
    assert caught.value.message.startswith(f"line {line}: {name!r} is not a field of session.started")
    assert caught.value.message.endswith(f"the nearest is {nearest!r}")


ODD = event_type(
    {
        **{
            name: {}
            for name in ("my-field", "user@host", "a.b", "2nd", "two words", "cpu", "items", "labels")
        },
        "x" * 60_000: {},
    }
)


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("{{ my-field }}", "that field is written data['my-field']"),
        ("\n{{ data.my-field }}", "that field is written data['my-field']"),
        ("{{ user@host }}", "that field is written data['user@host']"),
        ("{{ a.b }}", "that field is written data['a.b']"),
        ("{{ 2nd }}", "that field is written data['2nd']"),
        ("{{ two words }}", "that field is written data['two words']"),
        ("{{ labels.cost-center }}", "a key with a hyphen is written labels['cost-center']"),
        ("{{ labels.a.b-c }}", "a key with a hyphen is written ...['b-c']"),
        ("{{ my_field }}", "the nearest is data['my-field']"),
        ("{{ cpus }}", "the nearest is 'cpu'"),
        ("{{ data.items }}", "data.items is a method; the field is data['items']"),
        ("{{ data['my-field'] }}{{ cpu.", "expected name or number"),
        ("{{ data['my-field'] - cpus }}", "the nearest is 'cpu'"),
    ],
)
def test_hints_at_odd_names(source: str, hint: str) -> None:
    """A name that only brackets can write is told so, where it was written without."""
    with pytest.raises(TemplateError) as caught:
        check(source, ODD)
    assert caught.value.message.endswith(hint)


@pytest.mark.parametrize(
    "source", ["{{ data['items'] }}", "{{ data.items() | list }}", "{{ data['my-field'] }}"]
)
def test_odd_names_that_are_right(source: str) -> None:
    """Brackets are right for any name, and a method that is called is meant."""
    assert check(source, ODD) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("name", ["x" * 60_000, "y" * 128, "ab" * 64])
def test_long_names_are_not_compared(name: str) -> None:
    """However long and however many the names are, the nearest is found at once, and no error repeats one."""
    many = event_type({f"{name[:120]}{number}": {} for number in range(5_000)} | {name: {}})

    def refused() -> None:
        CACHE.clear()
        with pytest.raises(TemplateError) as caught:
            check(f"{{{{ {name[:-1]}z }}}}", many)
        assert len(caught.value.message) < 500

    assert yardsticks(refused, limit=1_250) < 1_250
