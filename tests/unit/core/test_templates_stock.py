"""Templates mean what Jinja2's own sandbox takes them to mean: its renderings and ours are compared."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.core.templates import render

pytestmark = pytest.mark.slow


PEOPLE = [
    {"name": "Ada", "age": 36, "active": True, "labels": {"team": "core", "room": "2"}, "tags": ["x", "y"]},
    {"name": "Barbara", "age": 41, "active": False, "labels": {"team": "ops"}, "tags": []},
    {"name": "Carl", "age": 36, "active": True, "labels": {"team": "core"}, "tags": ["z"], "nick": "cc"},
]
VALUES: dict[str, Any] = {
    "name": "Ada",
    "word": "banana",
    "words": ["beta", "alpha", "Gamma"],
    "sentence": "the quick brown fox jumps over the lazy dog",
    "quoted": 'say "hi" \\ <b>',
    "lines": "first\nsecond\nthird",
    "korean": "세션",
    "emoji": "🚀",
    "n": 5,
    "negative": -7,
    "total": 12,
    "price": 19.95,
    "numbers": [3, 1, 2, 1],
    "matrix": [[1, 2, 3], [4, 5, 6]],
    "counts": {"b": 1, "a": 3, "C": 2},
    "empty": [],
    "nothing": None,
    "flag": True,
    "off": False,
    "person": PEOPLE[0],
    "people": PEOPLE,
    "tree": [
        {"name": "a", "children": [{"name": "b", "children": []}, {"name": "c", "children": []}]},
        {"name": "d", "children": []},
    ],
}
VARIABLES: dict[str, Any] = {
    **VALUES,
    "data": VALUES,
    "rule_type": "session.started",
    "timestamp": datetime(2026, 1, 15, 10, 30, 15, tzinfo=UTC),
}
TEMPLATES = [
    line
    for line in (Path(__file__).parents[2] / "data" / "templates.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]
FRAMES = {
    "alone": "{}",
    "loop": "{{% for _ in [1, 2] %}}{}{{% endfor %}}",
    "branch": "{{% if flag %}}{}{{% endif %}}",
    "with": "{{% with %}}{}{{% endwith %}}",
}


def in_text(value: Any) -> Any:
    """Write None as nothing, which is the one thing in which a text of ours differs."""
    return "" if value is None else value


def in_string(value: Any) -> Any:
    """Write what is no text as docs/templates.md has it for the inside of a JSON string."""
    written = isinstance(value, bool | list | tuple | dict)
    return json.dumps(value, ensure_ascii=False) if written else in_text(value)


def stock(source: str, finalize: Callable[[Any], Any]) -> str:
    """Render with Jinja2's own sandbox."""
    environment = ImmutableSandboxedEnvironment(keep_trailing_newline=True, finalize=finalize)
    return environment.from_string(source).render(VARIABLES)


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_text(frame: str) -> None:
    """Each template makes the text that the stock sandbox makes of it, wherever it stands."""
    sources = [frame.format(template) for template in TEMPLATES]
    assert {source: render(source, VARIABLES) for source in sources} == {
        source: stock(source, in_text) for source in sources
    }


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_inside_json(frame: str) -> None:
    """Inside a string of a JSON text each template makes that text too, escaped for its place."""
    sources = [frame.format(template) for template in TEMPLATES]
    assert {
        source: json.loads(render(f'{{"text": "{source}"}}', VARIABLES, "json"))["text"] for source in sources
    } == {source: stock(source, in_string) for source in sources}


def test_there_are_enough() -> None:
    """The comparison is over a few hundred templates, each of them another one."""
    assert len(set(TEMPLATES)) == len(TEMPLATES) > 220
