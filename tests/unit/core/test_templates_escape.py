"""Where a message is markup, a value shows as its text, and what the template wrote is markup."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.templates import render
from notifications.core.templating.markup import MAX_MARKUP_CHARS, MAX_SHOWN_CHARS
from tests.unit.core.test_templates_json import whole

OPEN, CLOSE = "\u27e6", "\u27e7"
PLAIN = st.text(st.characters(codec=None, exclude_characters=[OPEN, CLOSE]), min_size=1)
"""Texts without the signs that the escape below makes, so that each value can be found in a message."""


def escape(text: str) -> str:
    """Mark an escaped value, so that a value that is not, or is twice, is seen."""
    return f"{OPEN}{text}{CLOSE}"


def written(source: str, **variables: Any) -> str:
    """Render a template for plain text with the escape."""
    return render(source, variables, "text", escape=escape)


def made(source: str, **variables: Any) -> Any:
    """Render a template for JSON with the escape, and read what it made."""
    return json.loads(render(source, variables, "json", escape=escape))


WAYS = [
    "{{ v }}",
    "{{ v or 'none' }}",
    "{{ 'none' if not v else v }}",
    "{{ v ~ '' }}",
    "{{ [v] | join }}",
    "{{ v | string }}",
    "{{ '%s' % v }}",
    "{{ '{}'.format(v) }}",
    "{{ v | safe }}",
    "{{ {'a': v}.a }}",
    "{% for x in [v] %}{{ x }}{% endfor %}",
    "{% for x in [v] recursive %}{{ x }}{% endfor %}",
    "{% for x in [[v]] recursive %}{{ loop(x) if x is not string else x }}{% endfor %}",
    "{% for x in [[v]] recursive %}{{ loop(x) ~ '' if x is not string else x }}{% endfor %}",
    "{% set x = v %}{{ x }}",
    "{% set x %}{{ v }}{% endset %}{{ x }}",
    "{% set x %}{{ v }}{% endset %}{% set y %}{{ x }}{% endset %}{{ y }}",
    "{% set x | string %}{{ v }}{% endset %}{{ x }}",
    "{% filter string %}{{ v }}{% endfilter %}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(v) }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(v) ~ '' }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{% set x = m(v) %}{{ x }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{% set x %}{{ m(v) }}{% endset %}{{ x }}",
    "{% macro n(x) %}{{ x }}{% endmacro %}{% macro m(x) %}{{ n(x) }}{% endmacro %}{{ m(v) }}",
    "{% macro n(x) %}{{ x }}{% endmacro %}{% macro m(x) %}{{ n(x) }}{% endmacro %}{{ m(v) | trim('') }}",
    "{% macro m(x) %}{% set y %}{{ x }}{% endset %}{{ y }}{% endmacro %}{{ m(v) }}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ v }}{% endcall %}",
    "{% macro m() %}{{ caller() ~ '' }}{% endmacro %}{% call m() %}{{ v }}{% endcall %}",
    "{% macro m() %}{{caller()}}{% endmacro %}{%set x%}{% call m() %}{{ v }}{% endcall %}{% endset %}{{x}}",
    "{% with x = v %}{{ x }}{% endwith %}",
    "{% set n = namespace(x=v) %}{{ n.x }}",
    "{% for x in [v] recursive %}{% macro m(y) %}{{ y }}{% endmacro %}{{ m(x) }}{% endfor %}",
]


@pytest.mark.parametrize("source", WAYS)
@given(PLAIN)
def test_a_value_is_escaped_once(source: str, value: str) -> None:
    """Whatever way a text takes through a template, it is escaped, and once, when it is written."""
    assert written(source, v=value) == whole(escape(value))
    assert made(f'"{source}"', v=value) == whole(escape(value))


@pytest.mark.parametrize("source", ["{{ v }}", "{{ v | tojson }}", "{% set x = v | tojson %}{{ x }}"])
@given(PLAIN, PLAIN)
def test_texts_in_json_are_escaped(source: str, name: str, text: str) -> None:
    """Outside of strings, every text in a value is escaped, names in objects too; numbers stay numbers."""
    value = {name: [text, 1, None, {"a": text}]}
    expected = {whole(escape(name)): [whole(escape(text)), 1, None, {escape("a"): whole(escape(text))}]}
    assert made(source, v=value) == expected


def test_json_in_a_text_is_escaped_as_a_text() -> None:
    """A value that is shown as JSON within a text is one text, and escaped once."""
    assert written("{{ v | tojson }}", v=["a"]) == escape('["a"]')
    assert made('"{{ v | tojson }}"', v=["a"]) == escape('["a"]')
    assert made('"{{ v }}"', v=["a"]) == escape('["a"]')
    assert written("{{ v.values() | list }}", v={"x": "a"}) == escape("['a']")
    assert made("{{ v.values() }}", v={"x": "a"}) == [escape("a")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*{{ v }}*", "*⟦x⟧*"),
        ("{{ '*yes*' if v else v }}", "*yes*"),
        ("{{ '*yes*' if not v else v }}", "⟦x⟧"),
        ("{{ none or '*none*' }}", "*none*"),
        ("{{ '*' ~ v ~ '*' }}", "⟦*x*⟧"),
        ("{% set a = '*yes*' if v else '-' %}{{ a }}", "*yes*"),
        ("{% set a = '*yes*' if v else '-' %}{{ a | upper }}", "⟦*YES*⟧"),
        ("{% set a %}*{{ v }}*{% endset %}{{ a }}", "*⟦x⟧*"),
        ("{% set a %}*{{ v }}*{% endset %}{{ a | upper }}", "⟦*X*⟧"),
        ("{% set a %}*{% endset %}{{ a }}", "*"),
        ("{% set a | upper %}*{{ v }}*{% endset %}{{ a }}", "⟦*X*⟧"),
        ("{% filter upper %}*{{ v }}*{% endfilter %}", "⟦*X*⟧"),
        ("{% macro m(x) %}*{{ x }}*{% endmacro %}{{ m(v) }}", "*⟦x⟧*"),
        ("{% macro m(x) %}*{{ x }}*{% endmacro %}{{ m(v) if v }}", "*⟦x⟧*"),
        ("{% macro m(x) %}*{{ x }}*{% endmacro %}{% set a = m(v) %}{{ a }}", "*⟦x⟧*"),
        ("{% macro m(x) %}*{{ x }}*{% endmacro %}{{ m(v) | upper }}", "⟦*X*⟧"),
        ("{% macro m(x='*') %}{{ x | upper }}{% endmacro %}{{ m() }}", "⟦*⟧"),
        ("{% macro m() %}({{ caller() }}){% endmacro %}{% call m() %}*{{ v }}*{% endcall %}", "(*⟦x⟧*)"),
        ("{{ v | safe_markup }}", "x"),
        ("{{ v | upper | safe_markup }}", "X"),
        ("{{ (v | safe_markup) | upper }}", "⟦X⟧"),
        ("{{ 5 }}", "⟦5⟧"),
        ("{% for a in [[v]] recursive %}<{{ a if a is string else loop(a) }}>{% endfor %}", "<<⟦x⟧>>"),
        ("{% for a in [v, v] %}{{ a }}{{ ', ' if not loop.last }}{% endfor %}", "⟦x⟧, ⟦x⟧"),
    ],
)
def test_what_the_template_wrote_is_markup(source: str, expected: str) -> None:
    """Text and constants of a template are as it wrote them; what filters and operators make is a value."""
    assert written(source, v="x") == expected
    assert made(f'"{source}"', v="x") == expected


def test_safe_markup_of_values_in_json() -> None:
    """Marked as markup, a whole value is written as it is, in every place."""
    assert made("{{ v | safe_markup }}", v={"a": ["b", 1]}) == {"a": ["b", 1]}
    assert made("{{ v | tojson | safe_markup }}", v={"a": ["b", 1]}) == {"a": ["b", 1]}
    assert made("{{ v | safe_markup | tojson }}", v={"a": ["b", 1]}) == {"a": ["b", 1]}
    assert made('{"n": {{ 5 | safe_markup }}}') == {"n": 5}


def test_punctuation_of_json_stays() -> None:
    """What holds the JSON together is no value: constant commas and brackets, and those of a joiner."""
    source = "{% set next = joiner(',') %}[{% for x in v %}{{ next() }}{{ x }}{% endfor %}{{ ']' }}"
    assert made(source, v=["a", "b"]) == [escape("a"), escape("b")]


def test_a_long_value_is_cut_before_it_is_escaped() -> None:
    """A value that no service would show in full does not fail by what the escape adds to it."""
    assert render("{{ v }}", {"v": "&" * 200_000}, escape=str) == "&" * MAX_SHOWN_CHARS + "…"


def test_the_escape_is_bounded() -> None:
    """However much longer an escape makes a value, its beginning is shown."""
    shown = render("{{ v }}", {"v": "x" * MAX_SHOWN_CHARS}, escape=lambda text: text.replace("x", "x" * 17))
    assert 0 < len(shown) <= MAX_MARKUP_CHARS


@given(st.text(st.characters(codec=None)))
def test_without_an_escape_nothing_is_marked(text: str) -> None:
    """Where there is no markup, ``safe_markup`` does nothing."""
    assert render("{{ v | safe_markup }}", {"v": text}) == render("{{ v }}", {"v": text})
