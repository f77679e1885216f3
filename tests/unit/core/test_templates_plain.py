"""Plain templates are written without Jinja2's code, and nothing tells that but the time."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifications.core.errors import TemplateError
from notifications.core.model import Format
from notifications.core.templates import render, run
from notifications.core.templating import JinjaError
from notifications.core.templating.budget import LEAN_UNITS, MAX_DEPTH, MAX_UNITS, Budget, RenderContext
from notifications.core.templating.compiling import SANDBOX, compiled, in_code
from notifications.core.templating.json_messages import is_json
from notifications.core.templating.markup import Escape
from notifications.core.templating.plain import Plain


def in_angles(text: str) -> str:
    """Escape a text so that both it and that it is escaped once can be seen."""
    return f"<{text}>"


ESCAPES = st.sampled_from([None, in_angles])
FORMATS = st.sampled_from(get_args(Format))
TEXTS = st.text(st.characters(codec=None), max_size=20) | st.sampled_from(["\ufeff", "x" * 1_000, "\ud83d"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.just(datetime(2026, 1, 15, tzinfo=UTC)),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS | st.sampled_from("ab"), inner),
    max_leaves=10,
)
DATA = st.dictionaries(st.sampled_from("abc"), VALUES)

EXPRESSIONS = (
    *("a", "b", "c.a", "b.a.b", "a or 'N/A'", "c.b or ''", "a or '\"'"),
    *("c.items", "a.__class__", "a.b.upper"),
)
DEEP: Any = json.loads("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2))
PIECES = [
    *(f"{{{{ {expression} }}}}" for expression in EXPRESSIONS),
    *'"[]{},:\\ 1-é\n\ufeff',
    *('"{{ a }}"', '{"a": {{ a }}, "b": "{{ b }}"}', "[{{ a }}, {{ b or 'N/A' }}]", '"a": ', "null"),
    *("\\u12", "\\ud83d", ".5", "e3", "{# said #}", "{% raw %}{{ a }}{% endraw %}"),
]
SOURCES = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def rendered(
    source: str,
    data: Mapping[str, Any],
    format: Format,  # noqa: A002
    units: int = MAX_UNITS,
    escape: Escape | None = None,
) -> str:
    """Return what a template writes, or why it fails."""
    return told(lambda: render(source, data, format, units, escape))


def told(rendering: Callable[[], str]) -> str:
    """Return what is rendered, or why it fails."""
    try:
        return rendering()
    except TemplateError as error:
        return f"{type(error).__name__}: {error.message}"


def plain_of(source: str, format: Format) -> Plain | None:  # noqa: A002
    """Return the parts of a template if it is valid and plain."""
    try:
        written = compiled(source, format).written
    except TemplateError:
        return None
    return written if isinstance(written, Plain) else None


@given(SOURCES, DATA, FORMATS, ESCAPES)
@example('{"a": "{{ a }}"}', {"a": "\ud83d"}, "json", None)
@example('"\\u12{{ a }}34"', {"a": "x"}, "json", None)
@example("{ {{ a }}: 1}", {"a": 1}, "json", None)
@example("1{{ a }}", {"a": 1}, "json", None)
@example("{{ range }}{{ self }}{{ loop }}", {}, "text", None)
@example("[{{ a }}, \"{{ a }}{{ b or 'N/A' }}\"]", {"a": {"x": ["y"]}}, "json", in_angles)
def test_both_ways_write_the_same(
    source: str,
    data: dict[str, Any],
    format: Format,  # noqa: A002
    escape: Escape | None,
) -> None:
    """Whatever a plain template and its data are, it writes what its code does, or fails in its words."""
    if plain_of(source, format):
        in_its_code = told(lambda: run(in_code(source, format), data, format, MAX_UNITS, escape))
        assert rendered(source, data, format, escape=escape) == in_its_code


@given(SOURCES, DATA, FORMATS, ESCAPES)
def test_both_ways_leave_the_same_budget(
    source: str,
    data: dict[str, Any],
    format: Format,  # noqa: A002
    escape: Escape | None,
) -> None:
    """A plain template spends of its budget what its code spends."""
    parts = plain_of(source, format)
    if parts is None:
        return
    context = RenderContext(SANDBOX, {**SANDBOX.globals, **data}, None, {})
    direct, context.budget = Budget(escape=escape), Budget(escape=escape)
    try:
        parts.write(data, direct)
        [*in_code(source, format).root_render_func(context)]
    except (TemplateError, JinjaError, ValueError, TypeError):
        return
    assert direct.used() == context.budget.used()


@given(SOURCES, DATA, ESCAPES)
def test_what_is_known_as_json_is_json(source: str, data: dict[str, Any], escape: Escape | None) -> None:
    """A template that is known to write JSON writes JSON, or fails before it has written anything."""
    parts = plain_of(source, "json")
    if parts is not None and parts.is_json:
        message = rendered(source, data, "json", escape=escape)
        assert is_json(message) or message.startswith("TemplateError")


@pytest.mark.parametrize(
    ("source", "known"),
    [
        ('{"a": "{{ a }}", "b": [{{ b }}, "{{ c or "-" }} and {{ a.b }}"]}', True),
        ("{{ a }}", True),
        ('"{{ a }}{{ b }}"', True),
        ('{"{{ a }}": 1}', True),
        ("\ufeff[]", True),
        ("{{ a }}{{ b }}", False),
        ("{ {{ a }}: 1}", False),
        ("1{{ a }}", False),
        ("-{{ a }}", False),
        ("{{ a }}.5", False),
        ("{{ a }}5", False),
        ('"\\u12{{ a }}"', False),
        ('"\\u12{{ a }}34"', False),
        ("{{ a }},", False),
        ("", False),
        ("[" * 200 + "]" * 200, False),
    ],
)
def test_which_templates_are_known_to_write_json(source: str, known: bool) -> None:  # noqa: FBT001
    """Known are those in which each variable is a whole value, or a part of a string."""
    parts = plain_of(source, "json")
    assert parts is not None
    assert parts.is_json == known


@pytest.mark.parametrize(
    ("source", "data", "reason"),
    [
        ("a\n{{ a }}", {"a": DEEP}, "line 2: A value is nested"),
        ("\n\n{{ a.__class__ }}", {"a": "x"}, "not allowed: line 3: access to attribute"),
        ("{{ a }}" * 20, {"a": "x" * 20_000}, "The message is larger than"),
        ("{{ a }}", {"a": "x" * 300_000}, "line 1: The template makes a text of more than"),
    ],
)
def test_a_failure_tells_its_line(source: str, data: dict[str, Any], reason: str) -> None:
    """A plain template that fails names the line, as others do."""
    assert plain_of(source, "text") is not None
    assert reason in rendered(source, data, "text")


def test_a_small_budget_holds() -> None:
    """A plain template that needs more than its budget fails by it."""
    data = {"a": ["x"] * LEAN_UNITS}
    assert "does too much" in rendered("{{ a }}", data, "text", LEAN_UNITS)


@pytest.mark.parametrize(
    "source",
    [
        *("{{ a | upper }}", "{{ a() }}", "{{ a or 1 }}", "{{ a or b }}", "{{ a['b'] }}", "{{ 'a' }}"),
        *("{{ range }}", "{{ self }}", "{% if a %}{% endif %}", "{% set a = 1 %}"),
        "{{ a" + ".a" * 17 + " }}",
    ],
)
def test_others_have_code(source: str) -> None:
    """Whatever is more than text and variables is compiled to code."""
    assert plain_of(source, "text") is None
    assert compiled(source, "text")
