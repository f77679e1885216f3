"""A hostile template costs little, wherever it loops or multiplies: a bounded time, and bounded memory."""

import time
import tracemalloc
from typing import Any

import pytest

from notifications.core.errors import TemplateError
from notifications.core.model import Format
from notifications.core.templates import MAX_ERROR_CHARS, MAX_RENDERED_BYTES, render

MAX_BYTES = 64_000_000
MAX_SECONDS = 0.25
GENEROUS = 5
"""Times the limit: the machine has other things to do."""

BIG = "a" * 200_000
DATA: dict[str, Any] = {
    "big": BIG,
    "words": "a " * 100_000,
    "many": ["x" * 10] * 20_000,
    "numbers": list(range(20_000)),
    "emoji": "\U0001f680" * 60_000,
    "deep": {"a": {"b": [1] * 1_000}},
}
VARIABLES = {**DATA, "data": DATA}
NAMESPACE = "{% set ns = namespace(x='a', l=[1]) %}"
LISTS = "{% set l = [1, 2] %}" + "{% set l = [l, l] %}" * 60
TUPLES = "{% set t = (1, 2) %}" + "{% set t = (t, t) %}" * 60

GROWING = {
    "product": "{{ 'a' * 10**9 }}",
    "product-of-list": "{{ ([1] * 10**9) | length }}",
    "center": "{{ 'a' | center(10**9) }}",
    "ljust": "{{ 'a'.ljust(10**9) }}",
    "zfill": "{{ 'a'.zfill(10**9) }}",
    "expandtabs": "{{ ('\t' * 1000).expandtabs(10000) }}",
    "percent-star": "{{ '%*d' % (10**9, 1) }}",
    "percent-width": "{{ '%1000000000d' % 1 }}",
    "percent-precision": "{{ '%.1000000000f' % 1 }}",
    "percent-key": "{{ '%(a(b))1000000000d' % {'a(b)': 1} }}",
    "percent-many": "{{ ('%s' * 1000) % ((big,) * 1000) }}",
    "percent-repr": "{{ '%r%r%r%r' % (emoji, emoji, emoji, emoji) }}",
    "format-filter": "{{ '%1000000000d' | format(1) }}",
    "format-width": "{{ '{:1000000000}'.format(1) }}",
    "format-nested": "{{ '{:{w}}'.format(1, w=10**9) }}",
    "format-many": "{{ ('{0}' * 1000).format(big) }}",
    "format-map": "{{ '{a:>999999999}'.format_map({'a': 1}) }}",
    "modulo-test": "{{ '%999999999d' is odd }}",
    "divisible-test": "{{ '%999999999d' is divisibleby(3) }}",
    "round-of-text": "{{ 'aaa' | round(8, 'ceil') }}",
    "round": "{{ 1 | round(10**9, 'ceil') }}",
    "power": "{{ 10**10000000 }}",
    "power-of-power": "{{ (2**16000) * (2**16000) }}",
    "digits": "{{ ('f' * 200000) | int(base=16) }}",
    "replace": "{{ 'aaaa'" + " | replace('a', 'aaaaaaaaaaaaaaaa')" * 20 + " }}",
    "replace-empty": "{{ big.replace('', big) }}",
    "join": "{{ big | join(big) }}",
    "join-method": "{{ big.join(many) }}",
    "join-many": "{{ ([big] * 2000) | join }}",
    "concat": "{{ " + "big ~ " * 90 + "big }}",
    "indent": "{{ ('\n' * 100000) | indent(10000) }}",
    "indent-text": "{{ ('\n' * 1000) | indent(big) }}",
    "batch": "{{ [1] | batch(10**9, 1) | list }}",
    "slice": "{{ [1] | slice(10**9) | list }}",
    "sum": "{{ ([[1]] * 10000) | sum(start=[]) }}",
    "tojson-indent": "{{ deep | tojson(indent=10**6) }}",
    "urlencode": "{{ emoji | urlencode }}",
    "translate": "{{ big.translate({97: big}) }}",
    "range": "{{ range(10**9) | list }}",
    "bytes": "{{ (1).to_bytes(10**9) }}",
    "namespace-text": NAMESPACE + "{% for _ in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "namespace-list": NAMESPACE + "{% for _ in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
    "namespace-nest": NAMESPACE + "{% for _ in range(999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
    "namespace-keep": NAMESPACE + "{% for i in range(999) %}{% set ns.l = ns.l + [emoji ~ i] %}{% endfor %}",
    "dict-many": "{{ dict(*(big,) * 99999) }}",
}
LOOPING = {
    "set": "{% set x = big ~ 'a' %}",
    "slice": "{% set x = big[1:] %}",
    "block": "{% set x %}{{ big }}{% endset %}",
    "block-text": "{% set x %}" + "x" * 1_000 + "{% endset %}",
    "filter-block": "{% filter upper %}{{ big }}{% endfilter %}",
    "macro": "{% macro m() %}" + "x" * 1_000 + "{% endmacro %}{% set x = m() %}",
    "compare": "{% if big ~ '' == big %}{% endif %}",
    "order": "{% if deep < deep or many < numbers %}{% endif %}",
    "in": "{% if ('a' * 1000 ~ 'b') in big %}{% endif %}",
    "in-list": "{% if -1 in numbers %}{% endif %}",
    "find": "{% set x = ('a' * 2500).find('a' * 1000 ~ 'b') %}",
    "rfind": "{% set x = big.rfind('b' ~ 'a' * 60) %}",
    "strip": "{% set x = words.strip('b' * 1000 ~ 'a ') %}",
    "split": "{% set x = words.split() %}",
    "sort": "{% set x = many | sort %}",
    "unique": "{% set x = numbers | unique | list %}",
    "groupby": "{% set x = numbers | groupby('real') %}",
    "map": "{% set x = numbers | map('string') | join %}",
    "select": "{% set x = numbers | select('odd') | list %}",
    "sift": "{% set x = big | reject | list %}",
    "sift-list": "{% set x = many | rejectattr('a') | first %}{% set x = numbers | select('none') | list %}",
    "sort-text": "{% set x = big | sort %}{% set x = big | max %}",
    "group-text": "{% set x = big | groupby('real') %}{% set x = big | unique | list %}",
    "lazy": "{% for x in numbers | map('abs') %}{% endfor %}",
    "title": "{% set x = words | title %}",
    "wordwrap": "{% set x = words[:8000] | wordwrap(3) %}",
    "hyphens": "{% set x = ('-' * 8192) | wordwrap(3) %}",
    "striptags": "{% set x = ('<!---->' * 1100) | striptags %}",
    "comments": "{% set x = ('<!--' * 2000) | striptags %}",
    "urlencode": "{% set x = emoji[:20000] | urlencode %}",
    "tojson": "{% set x = data | tojson %}",
    "power": "{% set x = 2**16000 %}",
    "digits": "{% set x = '%d' % (10**4200) %}",
    "date": "{% set x = '%.999f' % 1e308 %}",
    "ifs": "{% if 1 %}" * 30 + "{% endif %}" * 30,
    "loop": "{% for _ in range(99999) %}{% for _ in range(99999) %}{% endfor %}{% endfor %}",
    "localtime": "{% set x = '2026-07-01T12:00Z' | localtime('Asia/Seoul') %}",
    "changed": "{% if loop.changed(big) %}{% endif %}",
    "length": "{% for _ in numbers | map('abs') %}{{ loop.length }}{% endfor %}",
}
RECURSIVE = {
    "macro": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "macro-tree": "{% macro m(n) %}{% if n %}{{ m(n-1) ~ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "loop": "{% for x in [[1]] recursive %}{{ loop([x, x]) }}{% endfor %}",
    "loop-tree": "{% for x in [1] recursive %}{{ loop([1]) }}{{ loop([1]) }}{% endfor %}",
    "caller": "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}",
}
SHARED = [
    *("{{ l }}", "{{ l | tojson }}", "{{ l == l }}", "{{ l < l }}", "{{ l in [l] }}", "{{ l ~ '' }}"),
    *(
        "{{ data[l].x }}",
        "{{ '%s' % l }}",
        "{{ '{}'.format(l) }}",
        "{{ '{!r}'.format(l) }}",
        "{{ l | join }}",
    ),
    *(
        "{{ l | string }}",
        "{{ l | sort }}",
        "{{ l | unique | list }}",
        "{{ l.index(5) }}",
        "{{ l.count(5) }}",
    ),
    *(
        "{{ l is eq l }}",
        "{{ 1 is in l }}",
        "{{ l is upper }}",
        "{{ l | upper }}",
        "{{ l | e }}",
        "{{ l | max }}",
    ),
    *(
        "{{ [l] | map('string') | list }}",
        "{{ l | urlencode }}",
        "{{ l | sum(start=l) }}",
        "{{ l | dictsort }}",
    ),
    *("{{ namespace(a=l) }}", "{{ [namespace(a=l)] }}", "{{ namespace(a=l) is upper }}", "{{ l | safe }}"),
    *("{{ [namespace(a=l)] | join }}", "{{ '%s' % namespace(a=l) }}", "{{ namespace(a=l) ~ '' }}"),
    *("{% for x in l %}{{ loop.changed(x) }}{% endfor %}", "{{ [1] | map(attribute=l) | list }}"),
]
HASHED = [
    *("{{ {t: 1} }}", "{{ {}[t] }}", "{{ t in {} }}", "{{ data.get(t) }}", "{{ dict([(t, 1)]) }}"),
    *("{{ [t] | unique | list }}", "{{ [t] | groupby(0) }}", "{{ t is in {} }}", "{{ data[t] }}"),
]


def cost(source: str, format_: Format) -> tuple[str, float]:
    """Render a template and tell what came of it, and how many seconds of CPU it took."""
    started = time.thread_time()
    try:
        result = render(source, VARIABLES, format_)
    except TemplateError as error:
        result = f"refused: {error.message}"
    return result, time.thread_time() - started


def bounded(source: str, format_: Format = "text") -> str:
    """Render a template twice, for its time and for its memory, and return what came of it."""
    result, seconds = cost(source, format_)
    tracemalloc.start()
    try:
        cost(source, format_)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seconds < GENEROUS * MAX_SECONDS
    assert peak < MAX_BYTES
    assert len(result.encode()) <= 256 * 1024
    return result


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("source", GROWING.values(), ids=GROWING)
def test_growing(source: str, format_: Format) -> None:
    """What multiplies text, lists or numbers is refused before it is made."""
    assert bounded(source, format_).startswith("refused: ")


@pytest.mark.parametrize("times", [10, 2_000])
@pytest.mark.parametrize("body", LOOPING.values(), ids=LOOPING)
def test_looping(body: str, times: int) -> None:
    """What is dear, done again and again, is ended in time."""
    result = bounded(f"{{% for a in range({times}) %}}{body}{{% endfor %}}")
    assert result.startswith("refused: ") or len(result.encode()) <= MAX_RENDERED_BYTES


@pytest.mark.parametrize("body", LOOPING.values(), ids=LOOPING)
def test_looping_without_a_list(body: str) -> None:
    """A loop over what comes item by item is ended in time too."""
    result = bounded(f"{{% for a in numbers | map('string') %}}{body}{{% endfor %}}")
    assert result.startswith("refused: ") or len(result.encode()) <= MAX_RENDERED_BYTES


@pytest.mark.parametrize("source", RECURSIVE.values(), ids=RECURSIVE)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_recursive(source: str, format_: Format) -> None:
    """What calls itself for ever ends as the template's failure."""
    assert bounded(source, format_).startswith("refused: ")


@pytest.mark.parametrize("expression", SHARED)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_shared_lists(expression: str, format_: Format) -> None:
    """A list that has itself, in a way, 2**60 times is never written, compared or named in an error."""
    assert len(bounded(LISTS + expression, format_)) < 2 * MAX_ERROR_CHARS


@pytest.mark.parametrize("expression", HASHED)
def test_hashed_tuples(expression: str) -> None:
    """A tuple of as many tuples is never hashed."""
    assert bounded(TUPLES + expression).startswith("refused: ")


@pytest.mark.parametrize(
    "source",
    [
        "{{ [range(99999)] | map(' each', -1000) | map('list') | list | length }}",
        "{{ ([1] * 9000) | map(' enter', -10000, ('', '')) | list | length }}{{ big * 2 }}",
        "{{ [1] | map(' direct', 0, 0, true, true) | list }}",
        "{{ big | map(' made') | list | length }}",
        "{{ ([1] * 9000) | map(' branch', 0) | list | length }}{{ big * 2 }}",
        "{{ ([[]] * 9000) | map(' filled') | map('list') | list | length }}{{ big * 2 }}",
        "{{ [numbers | map('string')] | map(' filled') | map('join') | map('length') | list | length }}",
        "{{ ['x' * 9] | map(' plain', 1, 1) | list | length }}{{ big * 2 }}",
    ],
)
def test_internal_filters_by_name(source: str) -> None:
    """A template that knows the names of our own filters gets nothing back of its budget by them."""
    assert bounded(source).startswith("refused: ") or len(bounded(source)) < 10


def test_ordinary_work_is_far_from_the_limits() -> None:
    """A message with a thousand items of some fields each is no attack."""
    items = [{"name": f"n{number}", "size": number, "tags": ["a", "b"]} for number in range(1_000)]
    source = (
        '{"items": [{% for item in items | sort(attribute="name") %}{"name": "{{ item.name | upper }}", '
        '"size": {{ item.size }}, "tags": {{ item.tags | tojson }}, '
        '"text": "{{ item.name ~ ": " ~ item.size }}"}{{ "," if not loop.last }}{% endfor %}], '
        '"sum": {{ items | sum(attribute="size") }}}'
    )
    made = render(source, {"items": items, "data": {"items": items}}, "json")
    assert made.endswith('"sum": 499500}')
