"""In a JSON template whatever a value has in it stays that value, and the message is JSON."""

import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import TemplateError
from notifications.core.model import Format
from notifications.core.templates import render

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
TEXTS = st.text(st.characters(codec=None))
"""Halves of surrogate pairs too: JSON has them, UTF-8 has not."""

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def made(source: str, **variables: Any) -> Any:
    """Render a JSON template and read what it made."""
    return json.loads(render(source, variables, "json").encode())


def whole(text: str) -> str:
    """Put together surrogate pairs, as every reader of JSON does; half of one becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@pytest.mark.parametrize(
    "source",
    [
        '"{{ v }}"',
        "{{ v }}",
        "{{ v | tojson }}",
        "{{ v | tojson | safe }}",
        '"{% if true %}{{ v }}{% endif %}"',
        '"{{ v if true else 1 }}"',
        "{% for x in [v] %}{{ x }}{% endfor %}",
        '"{% for x in [v] %}{{ x }}{% endfor %}"',
        "{% set x = v %}{{ x }}",
        '{% set x %}{{ v }}{% endset %}"{{ x }}"',
        "{% set x %}{{ v }}{% endset %}{{ x }}",
        '{% macro m(x) %}{{ x }}{% endmacro %}"{{ m(v) }}"',
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(v) }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(v) | tojson }}",
        '{% macro m(x) %}"{{ x }}"{% endmacro %}{{ m(v) }}',
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ v }}{% endcall %}",
        '"{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ v }}{% endcall %}"',
        '"{% filter string %}{{ v }}{% endfilter %}"',
        "{% filter string %}{{ v }}{% endfilter %}",
        "{% with x = v %}{{ x }}{% endwith %}",
        '"{{ v ~ "" }}"',
        "{{ v ~ '' }}",
        '"{{ [v] | join }}"',
        "{{ '%s' % v }}",
        "{{ '{}'.format(v) }}",
        "{% for x in [v] recursive %}{{ x }}{% endfor %}",
    ],
)
@given(text=TEXTS)
def test_any_text_in_any_place(source: str, text: str) -> None:
    """Whatever text a field has, and wherever it is written, the reader of the JSON gets that text."""
    assert made(source, v=text) == whole(text)


@given(TEXTS, TEXTS)
def test_texts_around(first: str, second: str) -> None:
    """Values among the template's own text, several in one string, do not disturb each other."""
    read = made('{"a": "<{{ a }}|{{ b }}>", "b": [{{ b }}], "\\"{{ a }}": 1}', a=first, b=second)
    assert read == {
        "a": whole("<" + first + "|" + second + ">"),
        "b": [whole(second)],
        whole('"' + first): 1,
    }


@given(VALUES)
def test_any_value_outside_a_string(value: Any) -> None:
    """Outside of strings any value is written as JSON: true, null, numbers, lists, objects."""
    assert made('{"v": {{ v }}, "w": {{ v | tojson }}}', v=value) == {"v": value, "w": value}


@given(VALUES)
def test_any_value_inside_a_string(value: Any) -> None:
    """Inside a string any value is text, and what tojson made is its JSON as text."""
    read = made('["{{ v }}", "{{ v | tojson }}"]', v=value)
    assert isinstance(read[0], str)
    assert json.loads(read[1]) == value


@pytest.mark.parametrize(
    ("value", "inside", "outside"),
    [
        (True, "true", True),
        (None, "", None),
        (5, "5", 5),
        (1.5, "1.5", 1.5),
        ([1, "a"], '[1, "a"]', [1, "a"]),
        ({"a": None}, '{"a": null}', {"a": None}),
        (NOW, "2026-01-15 10:30:00+00:00", "2026-01-15 10:30:00+00:00"),
        (range(2), "[0, 1]", [0, 1]),
    ],
)
def test_kinds_of_values(value: object, inside: str, outside: object) -> None:
    """Each kind of value has its form inside and outside of strings."""
    assert made('["{{ v }}", {{ v }}]', v=value) == [inside, outside]


def test_undeclared_fields() -> None:
    """What is not there is null outside of strings, and nothing inside."""
    assert made('["{{ data.a }}", {{ data.a }}]', data={}) == ["", None]


@pytest.mark.parametrize(
    "source",
    [
        '[{% for i in v %}{{ i }}{{ "," if not loop.last }}{% endfor %}]',
        '[{% for i in v %}{{ i }}{{ ", " if not loop.last else "" }}{% endfor %}]',
        "[{% set comma = joiner(',') %}{% for i in v %}{{ comma() }}{{ i }}{% endfor %}]",
        "[{% for i in v %}{% if not loop.first %},{% endif %}{{ i }}{% endfor %}]",
        '{{ "[" }}{% for i in v %}"{{ i }}"{{ "," if not loop.last }}{% endfor %}{{ "]" }}',
    ],
)
def test_commas(source: str) -> None:
    """Commas and brackets that are constants of the template hold the JSON together; a value cannot."""
    assert made(source, v=["a", ",", "]"]) == ["a", ",", "]"]


def test_structure_from_macros() -> None:
    """A macro may write parts of objects; used as a value, its text is a text."""
    macro = '{% macro field(k, v) %}"{{ k }}": {{ v }}{% endmacro %}'
    assert made(macro + '{ {{ field("a", v) }}, {{ field("b", 1) }} }', v='"') == {"a": '"', "b": 1}
    assert made(macro + '[{{ field("a", v) | upper }}]', v="x") == ['"A": X']


def test_recursive_loop() -> None:
    """A recursive loop writes nested lists."""
    source = (
        "[{% for x in v recursive %}{% if x is iterable %}[{{ loop(x) }}]{% else %}{{ x }}{% endif %}"
        '{{ "," if not loop.last }}{% endfor %}]'
    )
    assert made(source, v=[1, [2, [3]], 4]) == [1, [2, [3]], 4]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("plain {{ v }}", "line 1, column 1"),
        ('{"a": 1,\n "b" {{ v }}}', "line 2, column 6"),
        ("{{ v }}{{ v }}", "line 1, column 4"),
        ('{"a": "\n"}', "line 1, column 8"),
        ("[" * 60_000, "nested too deeply|line 1"),
        ("NaN", "NaN is not JSON"),
    ],
)
def test_no_json(source: str, place: str) -> None:
    """A message that is not JSON is the template's failure, with the place."""
    with pytest.raises(TemplateError, match=f"not JSON.*({place})|{place}"):
        render(source, {"v": "x"}, "json")


def test_numbers_that_json_lacks() -> None:
    """Infinity and NaN have no form in JSON."""
    with pytest.raises(TemplateError):
        render("{{ v }}", {"v": float("nan")}, "json")


def test_a_call_block_calls_macros_only() -> None:
    """What is not escaped comes from macros alone."""
    for format_ in get_args(Format):
        with pytest.raises(TemplateError, match="call block"):
            render("{% call v.upper() %}{% endcall %}", {"v": "x"}, format_)


def test_a_macro_that_does_not_fit() -> None:
    """A macro that opens a string cannot be written into a JSON text, and is told by its line."""
    with pytest.raises(TemplateError, match="line 1: a macro"):
        render('{% macro q() %}"{% endmacro %}[{{ q() }}{{ v }}{{ q() }}]', {"v": "x"}, "json")


def test_plain_text_is_left_alone() -> None:
    """In a text template nothing is escaped, and a bool is Python's."""
    source = 'say "{{ v }}" {{ b }} {{ n }} {{ v | tojson }}'
    assert render(source, {"v": '"\n', "b": True, "n": None}) == 'say ""\n" True  "\\"\\n"'
