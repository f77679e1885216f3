"""What is no template, or too much of one, is refused when it is saved, in bounded time."""

import tracemalloc
from functools import partial

import pytest

from notifications.core.errors import TemplateError
from notifications.core.model import MAX_TEMPLATE_CHARS, Format
from notifications.core.rule_types import BUILT_IN
from notifications.core.templates import check
from notifications.core.templating.compiling import CACHE
from notifications.core.templating.sandbox import MAX_TOKENS
from notifications.core.templating.size import MAX_NODES, MAX_TREE_DEPTH
from tests.speed import yardsticks

STARTED = BUILT_IN["session.started"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("{{ session_id", 1),
        ("a\n{% if status %}\nb", 2),
        ("a\nb {% nonsense %}", 2),
        ("{{ 'open }}", 1),
        ("{{ " + "9" * 5_000 + " }}", 1),
    ],
    ids=["open-variable", "open-block", "unknown-tag", "open-string", "endless-number"],
)
def test_syntax_error(source: str, line: int) -> None:
    """A template that does not parse is refused with the line of its fault."""
    with pytest.raises(TemplateError, match=f"line {line}:"):
        check(source, STARTED)


@pytest.mark.parametrize(
    "source",
    [
        "a\n{{ status | nosuch }}",
        "a\n{{ status is nosuch }}",
        "a\n{% if session_name %}{{ session_name | nosuch }}{% endif %}",
        "a\n{{ 1 if status is nosuch }}",
    ],
)
def test_unknown_filter(source: str) -> None:
    """A filter or test that does not exist is refused with its line, in a condition's branch too."""
    with pytest.raises(TemplateError, match=r"line 2: .*nosuch"):
        check(source, STARTED)


@pytest.mark.parametrize(
    "source",
    [
        "{{ " + "(" * 30_000 + "1" + ")" * 30_000 + " }}",
        "{{ " + "-" * 5_000 + "1 }}",
        "{% if 1 %}" * 3_000 + "{% endif %}" * 3_000,
        "{% for a in [1] %}" * 30 + "{% endfor %}" * 30,
        "{% if 1 %}" * 150 + "{% endif %}" * 150,
        "{{ " + "(" * 250 + "1" + ")" * 250 + " }}",
    ],
    ids=["brackets", "signs", "ifs", "some-loops", "some-ifs", "some-brackets"],
)
def test_deep_nesting(source: str) -> None:
    """A template nested too deeply for the parser or the compiler is refused, not a failure."""
    try:
        check(source, STARTED)
    except TemplateError as error:
        assert "template" in error.message  # noqa: PT017 - a compiler that can do it may


@pytest.mark.parametrize(
    "expression",
    ["'a' * 20000000", "'a' | center(20000000)", "['a'] * 3000000"],
)
@pytest.mark.parametrize(
    "source",
    [
        "{{{{ {0} }}}}",
        "{{% set x = {0} %}}",
        "{{% if {0} %}}{{% endif %}}",
        "{{% for x in [1] if {0} %}}{{% endfor %}}",
        "{{% macro m(x={0}) %}}{{% endmacro %}}",
        "{{% filter replace('a', {0}) %}}a{{% endfilter %}}",
        "{{% autoescape {0} %}}{{% endautoescape %}}",
    ],
)
def test_expressions_are_not_run(source: str, expression: str) -> None:
    """The check runs no expression of the template: it returns at once and takes next to no memory."""

    def checked() -> None:
        CACHE.clear()
        try:
            check(source.format(expression), STARTED)
        except TemplateError as error:
            assert "autoescape" in error.message  # noqa: PT017 - it may refuse the tag altogether

    tracemalloc.start()
    checked()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
    assert yardsticks(checked, limit=100) < 100


@pytest.mark.parametrize(
    "part",
    [
        "{{ session_id }}{% if session_name %}x{% endif %}",
        "{{1+1}}",
        "{%filter upper%}a{%endfilter%}",
        "{%macro a()%}{%endmacro%}{%call a()%}{%endcall%}",
        "{%for a in [] if a%}{{loop.index}}{%endfor%}",
    ],
)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_largest_template_is_checked_in_time(part: str, format_: Format) -> None:
    """A template with as many parts as may be is checked in time, and one with more is refused in time."""

    def checked(count: int) -> None:
        CACHE.clear()
        try:
            check(part * count, STARTED, format_)
        except TemplateError as error:
            assert "more than" in error.message  # noqa: PT017 - the limit is somewhere there

    for count in (100, 200, 400, 800):
        assert yardsticks(partial(checked, count), limit=1_250) < 1_250


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x" * (MAX_TEMPLATE_CHARS + 1), "characters"),
        ("{{ 1 }}" * MAX_NODES, "more than"),
        ("{{ [" + "1," * MAX_TOKENS + "] }}", "words and signs"),
        (
            "a\n{% if 1 %}" + "{% if 1 %}" * MAX_TREE_DEPTH + "{% endif %}" * (MAX_TREE_DEPTH + 1),
            "too deeply",
        ),
        ("{{ 1e999 }}", "too large"),
        ("{% block a %}{% endblock %}", "block"),
        ("{{ ' each' | random }}", "random"),
    ],
    ids=["long", "parts", "words", "deep", "infinite", "block", "filter"],
)
def test_too_much_of_a_template(source: str, reason: str) -> None:
    """What is too long, too large or too deep to compile, or cannot be bounded, is refused."""
    with pytest.raises(TemplateError, match=reason):
        check(source, STARTED)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('{"a": "{% if status %}x"{% endif %}}', 1),
        ('[\n{% for a in [1] %}"{{ a }}{% endfor %}]', 2),
        ('{"a":\n"\\{{ status }}"}', 2),
        ('{% if status %}"{% elif status %}{% else %}"{% endif %}', 1),
    ],
)
def test_strings_that_do_not_close(source: str, line: int) -> None:
    """In a JSON template, whatever way it goes, each string that begins ends: that is told with the line."""
    check(source, STARTED, "text")
    with pytest.raises(TemplateError, match=f"line {line}: .*JSON string"):
        check(source, STARTED, "json")
