"""What is not there is nothing in a text and null in JSON, through filters and joins too."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from jinja2.filters import FILTERS

from notifications.core.errors import TemplateError
from notifications.core.templates import render
from notifications.core.templating.filters import BOUNDED_FILTERS

PEOPLE = [{"name": "Ada", "age": 36}, {"name": None, "age": None}, {"age": 41}]
VARIABLES: dict[str, Any] = {
    "none": None,
    "name": None,
    "object": {"a": 1, "b": None},
    "people": PEOPLE,
    "word": "hi",
    "data": {},
    "timestamp": datetime(2026, 1, 15, 10, 30, tzinfo=UTC),
}


def made(source: str) -> Any:
    """Render a JSON template and read what it made."""
    return json.loads(render(source, VARIABLES, "json"))


@pytest.mark.parametrize(
    "absent",
    ["name", "none", "object.b", "object.c", "object['c']", "object.c.d.e", "name.first", "data.x.y"],
)
@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("X", None),
        ("X | tojson", None),
        ("[X, 1]", [None, 1]),
        ("[X, 1] | tojson", [None, 1]),
        ("{'a': X, 'b': [X]}", {"a": None, "b": [None]}),
        ("{'a': {'b': X}} | tojson", {"a": {"b": None}}),
        ("{X: 1} | tojson", {"null": 1}),
        ("dict(a=X)", {"a": None}),
        ("(X, X)", [None, None]),
        ("[[X]] | tojson(indent=2)", [[None]]),
        ("[X] | list | tojson", [None]),
        ("[X] | map('default', 'd') | list | length", 1),
        ("X or 'N/A'", "N/A"),
        ("X | default('N/A', true)", "N/A"),
        ("X if false", None),
    ],
)
def test_json(absent: str, expression: str, value: Any) -> None:
    """Outside of strings it is null, wherever in a value it stands and however deep it was looked for."""
    assert made(f"{{{{ {expression.replace('X', absent)} }}}}") == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("people | map(attribute='name') | list", ["Ada", None, None]),
        ("people | map(attribute='name') | list | tojson", ["Ada", None, None]),
        ("people | map(attribute='a.b') | list", [None, None, None]),
        ("{'names': people | map(attribute='name') | list}", {"names": ["Ada", None, None]}),
        ("people | sort(attribute='age') | map(attribute='age') | list", [None, 36, 41]),
        ("people | sort(attribute='name,age') | map(attribute='age') | list", [None, 41, 36]),
        ("people | map(attribute='age') | sort(reverse=true)", [41, 36, None]),
        ("people | sum(attribute='age')", 77),
        ("people | map(attribute='age') | max", 41),
        ("people | min(attribute='age')", PEOPLE[0]),
        ("people | groupby('name') | map('first') | list", [None, "Ada"]),
        ("people | unique(attribute='name') | list | length", 3),
        ("object | dictsort(by='value')", [["b", None], ["a", 1]]),
        ("{none: 1, 'a': 2} | tojson", {"null": 1, "a": 2}),
        ("{1: 1, 'a': 2} | tojson(indent=1)", {"1": 1, "a": 2}),
        ("[timestamp, timestamp.date(), object.keys()] | tojson", None),
    ],
)
def test_json_of_lists(expression: str, value: Any) -> None:
    """A list with gaps is sorted, summed and looked through; dates and views have their forms in JSON."""
    if value is None:
        value = ["2026-01-15 10:30:00+00:00", "2026-01-15", ["a", "b"]]
    assert made(f"{{{{ {expression} }}}}") == value


@pytest.mark.parametrize("absent", ["name", "object.c", "object.c.d"])
@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("<{{ X }}>", "<>"),
        ("{{ X | urlencode }}", ""),
        ("https://x.example/?name={{ X | urlencode }}", "https://x.example/?name="),
        ("{{ ['s1', X] | join('/') }}", "s1/"),
        ("{{ '/'.join(['s1', X]) }}", "s1/"),
        ("{{ 'Name: ' ~ X ~ '.' }}", "Name: ."),
        ("{{ X | upper }}{{ X | lower }}{{ X | title }}{{ X | capitalize }}{{ X | trim }}", ""),
        ("{{ X | center(3) }}|", "   |"),
        ("{{ X | truncate(3) }}{{ X | indent }}{{ X | wordwrap(3) }}{{ X | striptags }}", ""),
        ("{{ X | e }}{{ X | forceescape }}{{ X | safe }}{{ X | string }}", ""),
        ("{{ X | replace('N', 'n') }}{{ 'a-b' | replace('-', X) }}", "ab"),
        ("{{ X | wordcount }}{{ X | length }}{{ X | count }}", "000"),
        ("{{ X | int }} {{ X | float }} {{ X | int(7) }}", "0 0.0 7"),
        ("{{ X | round(1) }}{{ X | abs }}{{ X | filesizeformat }}", ""),
        ("{{ X | first }}{{ X | last }}{{ X | max }}{{ X | min }}", ""),
        ("{{ X | sum }}{{ X | join(',') }}{{ X | join(',', attribute='a') }}", "0"),
        ("{{ X | list | length }}{{ X | sort | length }}{{ X | unique | list | length }}", "000"),
        ("{{ X | map('upper') | join }}{{ X | select | join }}{{ X | selectattr('a') | join }}", ""),
        ("{{ X | reject | join }}{{ X | rejectattr('a') | join }}{{ X | reverse }}", ""),
        ("{% for b in X | batch(2) %}x{% endfor %}{% for k, v in X | items %}x{% endfor %}", ""),
        ("{% for k, v in X | dictsort %}x{% endfor %}{% for g in X | groupby('a') %}x{% endfor %}", ""),
        ("{{ X | slice(1) | map('length') | join }}", "0"),
        ("{{ X | format(1) }}{{ '%s-%s' | format(X, 's') }}", "-s"),
        ("{{ '%5s|%d|%.1f|%-3s|' % (X, X, X, 'a') }}", "     |||a  |"),
        ("{{ '%s' % X }}{{ '%s %%' % (X,) }}{{ '%(a)s%(a)d' % {'a': X} }}", " %"),
        ("{{ '{}-{:>3}-{:.1f}-{!s}'.format(X, X, X, X) }}", "-   --"),
        ("{{ '{a}'.format(a=X) }}{{ '{a}'.format_map({'a': X}) }}", ""),
        ("{{ ['a', X] | map('upper') | join('-') }}", "A-"),
        ("{{ X | d('x', true) }}", "x"),
        ("{{ [X] }}", "[None]"),
        ("{% for x in X %}x{% else %}none{% endfor %}", "none"),
    ],
)
def test_text(absent: str, template: str, text: str) -> None:
    """In a text it is nothing: each filter takes it for an empty text, an empty list or no number."""
    assert render(template.replace("X", absent), VARIABLES) == text


def test_every_filter_takes_it() -> None:
    """No filter fails for what is not there, but for those that want arguments which it does not have."""
    arguments = {
        "attr": "('a')",
        "batch": "(2)",
        "groupby": "('a')",
        "map": "('upper')",
        "replace": "('a', 'b')",
    }
    arguments |= {"localtime": "('Asia/Seoul')", "rejectattr": "('a')", "selectattr": "('a')", "slice": "(2)"}
    for name in BOUNDED_FILTERS:
        for absent in ("name", "object.c"):
            source = f"{{% set x = {absent} | {name}{arguments.get(name, '')} %}}"
            assert render(source, VARIABLES) == ""


def test_no_filter_is_new() -> None:
    """Every filter of Jinja2 is allowed and was tried above, or is one of four that are refused."""
    assert FILTERS.keys() - BOUNDED_FILTERS.keys() == {"pprint", "random", "urlize", "xmlattr"}
    assert BOUNDED_FILTERS.keys() - FILTERS.keys() == {"localtime", "readable", "safe_markup"}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ object.c() }}", "line 1: 'dict object' has no attribute 'c'"),
        ("\n{{ object.c.d + 1 }}", "line 2: 'dict object' has no attribute 'c'"),
        ("\n\n{{ name.upper() }}", "line 3: 'None' has no attribute 'upper'"),
        ("{{ object.c > 1 }}", "line 1: 'dict object' has no attribute 'c'"),
        (
            "{% macro m() %}\n{{ 1 / 0 }}{% endmacro %}{{ m() }}",
            "line 2: ZeroDivisionError: division by zero",
        ),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "line 1: it calls itself too often"),
        ("\n{{ word.encode() }}", "not allowed: line 2: calling 'encode' of a str is not allowed"),
        (
            "\n{{ [1, word] | sort }}",
            "line 2: TypeError: '<' not supported between instances of 'str' and 'int'",
        ),
        ("{{ dict(a=1, a=2) }}", "does not compile: an argument is given twice by its name"),
        ("{% macro m(a, a) %}{% endmacro %}", "does not compile: a macro has two arguments of one name"),
        ("{% for a in [1] %}" * 30 + "{% endfor %}" * 30, "does not compile: it is nested too deeply"),
        ("\n{{ 'a' * 10**9 }}", "line 2: The template makes a text of more than 262144 characters"),
    ],
)
def test_reasons(source: str, reason: str) -> None:
    """What still fails is told with its line, and for what it is."""
    with pytest.raises(TemplateError) as caught:
        render(source, VARIABLES)
    assert reason in caught.value.message


@pytest.mark.parametrize("name", ["이름", "<b>&'\"", "\u2028", "🚀"])
def test_tojson_stays_readable(name: str) -> None:
    """Text beyond ASCII stays what it is through tojson; what HTML would run is escaped."""
    text = render("{{ v | tojson }}", {"v": {"name": name}})
    assert json.loads(text) == {"name": name}
    assert not set("<>&'") & set(text)
    assert text.isascii() == name.isascii()


@pytest.mark.parametrize(
    ("text", "shown"),
    [("cut \ud83d here", "cut \ufffd here"), ("\ude00\ud83d", "\ufffd\ufffd"), ("\ud800", "\ufffd")],
)
@pytest.mark.parametrize(
    "expression",
    ["v", "v | trim", "[v] | join", "v ~ ''", "{'a': v}.a", "'%s' % v", "v | tojson | replace('\"', '')"],
)
def test_half_a_character(text: str, shown: str, expression: str) -> None:
    """Half of a surrogate pair is sent as U+FFFD, in text and in JSON."""
    assert render(f"{{{{ {expression} }}}}", {"v": text}) == shown
    assert render(f'"{{{{ {expression} }}}}"', {"v": text}, "json") == f'"{shown}"'


def test_half_a_character_in_a_url() -> None:
    """A URL too gets U+FFFD for it."""
    assert render("{{ v | urlencode }}{{ '\\ud800' | urlencode }}", {"v": "\ud83d"}) == "%EF%BF%BD" * 2


@pytest.mark.parametrize("source", ["\ufeff{{ v }}", "{{ v }}", "\ufeff{{ w }}"])
def test_a_byte_order_mark_is_not_sent(source: str) -> None:
    """A mark in front of the message, of the template's or of a value's, is no part of it."""
    values = {"v": "\ufeff[1]", "w": "[1]"}
    assert render(source, values).lstrip("\ufeff") == "[1]"
    assert not render(source.replace("v", "w"), values).startswith("\ufeff")
    assert render("\ufeff[1]", {}, "json") == "[1]"


@pytest.mark.parametrize(
    "source", ["", " \n\t", "{# nothing #}", "{% if name %}x{% endif %}\n", "{{ name }}"]
)
def test_an_empty_message_is_no_failure(source: str) -> None:
    """A message without a word is rendered, for JSON too: who sends it decides that it is not sent."""
    assert render(source, VARIABLES).strip() == ""
    if "{{" not in source:
        assert render(source, VARIABLES, "json").strip() == ""
