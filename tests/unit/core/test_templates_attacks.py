"""A hostile template costs little, wherever it loops or multiplies: a bounded time, and bounded memory."""

import tracemalloc
from typing import Any

import pytest

from notifications.core.errors import TemplateError
from notifications.core.model import Format
from notifications.core.templates import MAX_ERROR_CHARS, MAX_RENDERED_BYTES, render
from notifications.core.templating.compiling import CACHE
from tests.samples.costly_templates import GROWING, HASHED, LISTS, LOOPING, RECURSIVE, SHARED, TUPLES
from tests.speed import yardsticks

pytestmark = pytest.mark.slow


MEMORY_TRIES = 3
MAX_BYTES = 64_000_000
MAX_YARDSTICKS = 1_250
"""Five times the 250 ms that are promised; the clock of the budget is in seconds, on a fast machine too."""

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


def outcome(source: str, format_: Format) -> str:
    """Render a template and tell what came of it."""
    try:
        return render(source, VARIABLES, format_)
    except TemplateError as error:
        return f"refused: {error.message}"


def outcome_anew(source: str, format_: Format) -> str:
    """Compile a template and render it."""
    CACHE.clear()
    return outcome(source, format_)


def traced(source: str, format_: Format) -> tuple[str, int]:
    """Render a template, and return what came of it and the most bytes that were allocated meanwhile."""
    tracemalloc.start()
    try:
        return outcome(source, format_), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def bounded(source: str, format_: Format = "text") -> str:
    """Render a template twice, for its time and for its memory, and return what came of it."""
    took = yardsticks(lambda: outcome_anew(source, format_), MAX_YARDSTICKS)
    # What other threads of these tests allocate meanwhile is counted too, but not at each of several tries.
    for _ in range(MEMORY_TRIES):
        result, peak = traced(source, format_)
        if peak < MAX_BYTES:
            break
    assert took < MAX_YARDSTICKS
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
