"""Whatever a template may call can be called wherever a template can call."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.core import rendering
from notifications.core.model import EmailSpec
from notifications.core.templates import render
from notifications.core.templating import methods, sandbox

VARIABLES: dict[str, Any] = {
    "s": "a-b a",
    "l": ["b", "a", "b"],
    "d": {"k": "v", "w": 1},
    "n": 5,
    "f": 2.5,
    "t": datetime(2026, 1, 15, 10, 30, tzinfo=UTC),
}
TEXTS = {
    "capitalize": "s.capitalize()",
    "casefold": "s.casefold()",
    "center": "s.center(9)",
    "count": "s.count('a')",
    "endswith": "s.endswith('a')",
    "expandtabs": "s.expandtabs(4)",
    "find": "s.find('b')",
    "format": "'{}-{x}'.format(s, x=n)",
    "format_map": "'{k}'.format_map(d)",
    "index": "s.index('b')",
    "join": "'+'.join(l)",
    "ljust": "s.ljust(9, '.')",
    "lower": "s.lower()",
    "lstrip": "s.lstrip('a')",
    "partition": "s.partition('-')",
    "removeprefix": "s.removeprefix('a')",
    "removesuffix": "s.removesuffix('a')",
    "replace": "s.replace('a', 'o', 1)",
    "rfind": "s.rfind('a')",
    "rindex": "s.rindex('a')",
    "rjust": "s.rjust(9)",
    "rpartition": "s.rpartition('a')",
    "rsplit": "s.rsplit('-', 1)",
    "rstrip": "s.rstrip('a')",
    "split": "s.split(sep=' ', maxsplit=1)",
    "splitlines": "s.splitlines()",
    "startswith": "s.startswith(('x', 'a'))",
    "strip": "s.strip()",
    "swapcase": "s.swapcase()",
    "title": "s.title()",
    "upper": "s.upper()",
    "zfill": "s.zfill(9)",
    **{
        f"is{kind}": f"s.is{kind}()"
        for kind in (
            *("alnum", "alpha", "ascii", "decimal", "digit", "identifier", "lower", "numeric"),
            *("printable", "space", "title", "upper"),
        )
    },
}
DATES = {
    "astimezone": "t.astimezone(t.tzinfo)",
    "replace": "t.replace(hour=3)",
    "strftime": "t.strftime('%H:%M')",
    "isoformat": "t.isoformat(timespec='minutes')",
    "total_seconds": "(t - t.replace(hour=1)).total_seconds()",
    **{
        name: f"t.{name}()"
        for name in (
            *("ctime", "date", "dst", "isocalendar", "isoweekday", "time", "timestamp", "timetz"),
            *("toordinal", "tzname", "utcoffset", "weekday"),
        )
    },
}
DICTS = {
    "copy": "d.copy()",
    "get": "d.get('x', 'y')",
    "items": "d.items() | list",
    "keys": "d.keys() | list",
    "values": "d.values() | list",
}
LISTS = {"copy": "l.copy()", "count": "l.count('b')", "index": "l.index('a')"}
NUMBERS = {"bit_length": "n.bit_length()", "is_integer": "f.is_integer()"}
OTHERS = {
    "range": "range(1, 4) | list",
    "dict": "dict(d, y=2)",
    "namespace": "namespace(a=1).a",
    "cycler": "cycler('a', 'b').next()",
    "joiner": "joiner(', ')()",
}
CALLS = {
    f"{kind}.{name}": call
    for kind, calls in {
        "text": TEXTS,
        "date": DATES,
        "object": DICTS,
        "list": LISTS,
        "number": NUMBERS,
        "global": OTHERS,
    }.items()
    for name, call in calls.items()
}
FRAMES = {
    "loop": "{% for _ in [1] %}{{ CALL }}{% endfor %}",
    "nested": "{% for _ in [1] %}{% for _ in [1] %}{{ CALL }}{% endfor %}{% endfor %}",
    "else": "{% for _ in [] %}{% else %}{{ CALL }}{% endfor %}",
    "iterated": "{% for _ in [1] %}{% for v in [CALL] %}{{ v }}{% endfor %}{% endfor %}",
    "filtered": "{% for v in [1] if CALL is defined %}{{ CALL }}{% endfor %}",
    "tested": "{% for _ in [1] %}{% if CALL is defined %}{{ CALL }}{% endif %}{% endfor %}",
    "recursive": "{% for v in [1] recursive %}{{ CALL }}{% endfor %}",
    "deeper": "{% for v in [[1]] recursive %}{{ loop(v) if v is iterable else CALL }}{% endfor %}",
    "macro": "{% macro m() %}{{ CALL }}{% endmacro %}{{ m() }}",
    "macro in a loop": "{% macro m() %}{{ CALL }}{% endmacro %}{% for _ in [1] %}{{ m() }}{% endfor %}",
    "a macro's loop": "{% macro m() %}{% for _ in [1] %}{{ CALL }}{% endfor %}{% endmacro %}{{ m() }}",
    "argument": "{% macro m(v) %}{{ v }}{% endmacro %}{% for _ in [1] %}{{ m(CALL) }}{% endfor %}",
    "default": "{% for _ in [1] %}{% macro m(v=CALL) %}{{ v }}{% endmacro %}{{ m() }}{% endfor %}",
    "call block": "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ CALL }}{% endcall %}",
    "call block in a loop": (
        "{% macro m() %}{% for _ in [1] %}{{ caller() }}{% endfor %}{% endmacro %}"
        "{% for _ in [1] %}{% call m() %}{{ CALL }}{% endcall %}{% endfor %}"
    ),
    "filter block": "{% filter string %}{{ CALL }}{% endfilter %}",
    "filter block in a loop": "{% for _ in [1] %}{% filter string %}{{ CALL }}{% endfilter %}{% endfor %}",
    "filter's argument": "{% for _ in [1] %}{{ '' | default(CALL, true) }}{% endfor %}",
    "set": "{% set v = CALL %}{{ v }}",
    "set in a loop": "{% for _ in [1] %}{% set v = CALL %}{{ v }}{% endfor %}",
    "set block in a loop": "{% for _ in [1] %}{% set v %}{{ CALL }}{% endset %}{{ v }}{% endfor %}",
    "namespace": (
        "{% set ns = namespace(v=0) %}{% for _ in [1] %}{% set ns.v = CALL %}{% endfor %}{{ ns.v }}"
    ),
    "with": "{% for _ in [1] %}{% with v = CALL %}{{ v }}{% endwith %}{% endfor %}",
}


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_called_anywhere(call: str) -> None:
    """A call gives in every frame what it gives outside of all, as text and inside JSON."""
    alone = "{{ CALL }}".replace("CALL", call)
    expected, inside = render(alone, VARIABLES), render(f'["{alone}"]', VARIABLES, "json")
    for name, frame in FRAMES.items():
        source = frame.replace("CALL", call)
        assert (name, render(source, VARIABLES)) == (name, expected)
        if "block" not in name:  # what is captured is a text, and written as one
            assert (name, render(f'["{source}"]', VARIABLES, "json")) == (name, inside)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_called_in_a_subject(call: str) -> None:
    """An email's subject may call all of that in a loop too."""
    template = "{% for _ in [1] %}{{ CALL }}{% endfor %}".replace("CALL", call)
    spec = EmailSpec("h", 25, "a@b.c", ("d@e.f",), subject_template=template)
    subject = rendering.completed(spec, "text", VARIABLES).subject
    assert subject == " ".join(render(template, VARIABLES).split())


@pytest.mark.parametrize(
    "frame",
    [
        "LOOP",
        "{% for _ in [1] %}LOOP{% endfor %}",
        "{% macro m() %}LOOP{% endmacro %}{% for _ in [1] %}{{ m() }}{% endfor %}",
    ],
)
def test_a_loops_own_methods(frame: str) -> None:
    """A loop's own methods can be called in it, however it is nested."""
    loop = "{% for _ in [1] %}{{ loop.cycle('a', 'b') }}{{ loop.changed(1) }}{% endfor %}"
    assert render(frame.replace("LOOP", loop), VARIABLES) == "aTrue"


def test_a_recursive_loop_in_an_expression() -> None:
    """What a recursive loop wrote is escaped once, also when an expression takes it up."""
    text = (
        "{% for x in [['\"']] recursive %}{{ loop(x) | upper if x is sequence and x is not string else x }}"
    )
    assert render(f'["{text}{{% endfor %}}"]', {}, "json") == '["\\""]'


def test_all_that_may_be_called_was_called() -> None:
    """The calls above are those of every method and function that templates may call."""
    assert TEXTS.keys() == methods.TEXTS | {"format", "format_map"}
    assert DATES.keys() == methods.DATES
    assert DICTS.keys() == methods.DICTS
    assert LISTS.keys() == methods.LISTS
    assert NUMBERS.keys() == methods.NUMBERS
    assert OTHERS.keys() == set(sandbox.GLOBALS)
