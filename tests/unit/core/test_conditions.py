"""Conditions on events: the rules of event patterns, and the limits."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from notifications.core import conditions
from notifications.core.conditions import ConditionError, ConditionTooExpensive
from notifications.core.conditions.model import (
    MAX_ALTERNATIVES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_SEARCHED_CHARS,
    MAX_SEARCHES,
    MAX_STARS,
    Condition,
)
from tests.samples.conditions import EVENTS, PATTERNS, holds
from tests.speed import yardsticks

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "event-patterns.jsonl").read_text("utf-8").splitlines()
]
LARGE = 256 * 1024
MOST_YARDSTICKS = 50


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_patterns_mean_what_they_mean_on_the_event_bus(case: dict[str, Any]) -> None:
    """Each case of the file ends as it says, and to explain it ends likewise."""
    if case["expect"] == "refused":
        with pytest.raises(ConditionError):
            conditions.parse(case["pattern"])
        return
    condition = conditions.parse(case["pattern"])
    expected = case["expect"] == "match"
    assert conditions.match(condition, case["data"]) is expected
    assert conditions.explain(condition, case["data"]).met is expected


@settings(max_examples=4 * settings().max_examples)
@given(pattern=PATTERNS, data=EVENTS)
def test_the_engine_follows_the_letter_of_the_rules(pattern: dict[str, Any], data: dict[str, Any]) -> None:
    """The engine decides as a plain reading of the rules does that tries all ways to choose fields."""
    condition = conditions.parse(pattern)
    assert conditions.match(condition, data) is holds(condition, data)


@given(pattern=PATTERNS)
def test_a_condition_is_written_as_it_was_read(pattern: dict[str, Any]) -> None:
    """What is read is written as it was, keys in their order."""
    assert json.dumps(conditions.to_json(conditions.parse(pattern))) == json.dumps(pattern)


@given(data=EVENTS, pattern=PATTERNS)
def test_dots_are_nesting(data: dict[str, Any], pattern: dict[str, Any]) -> None:
    """A condition below a dotted name holds of fields that are nested, and the other way round."""
    nested, dotted = conditions.parse({"o": {"p": pattern}}), conditions.parse({"o.p": pattern})
    assert nested == dotted
    assert conditions.match(nested, {"o": {"p": data}}) is conditions.match(dotted, {"o.p": data})


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ({"status": "RUNNING"}, 'condition: status: a field takes a list of alternatives: write ["RUNNING"]'),
        (
            {"a": {"prefix": "x"}},
            'condition: a: a field takes a list of alternatives: write [{"prefix":"x"}]',
        ),
        (
            {"a": {"b": [{"prefx": "x"}]}},
            "condition: a.b: 'prefx' is not an operator; the nearest is 'prefix'",
        ),
        ({"a": [{"EXISTS": True}]}, "condition: a: 'EXISTS' is not an operator; the nearest is 'exists'"),
        ({"a": []}, 'condition: a: the list is empty; for "absent or null" write [null, {"exists": false}]'),
        ({"a": [{"numeric": [">", 5, "<", 2]}]}, "condition: a: no number is > 5 and < 2"),
        ({"a": [{"wildcard": "a**b"}]}, "condition: a: 'a**b' has two stars in a row; one says the same"),
        ({"a.b": [1], "a": [2]}, "condition: a: is there twice; list all its alternatives in one place"),
        ({"$or": [{"a": [1]}]}, "condition: $or: write at least two patterns in a list"),
    ],
)
def test_what_is_refused_says_where_and_what_would_be_right(pattern: dict[str, Any], told: str) -> None:
    """A refusal has the path, what is wrong, and what would be right; its data has them one by one."""
    with pytest.raises(ConditionError) as raised:
        conditions.parse(pattern)
    assert raised.value.message.startswith(told)
    assert raised.value.data == {
        "errors": [{"type": "condition", "loc": ["condition", raised.value.place], "msg": raised.value.fault}]
    }


def _nested(depth: int) -> dict[str, Any]:
    inner: Any = [1]
    for _ in range(depth):
        inner = {"a": inner}
    return dict(inner)


def _ors(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"a": [1]}
    for _ in range(depth):
        inner = {"$or": [{"a": [1]}, inner]}
    return inner


def _fields(count: int) -> dict[str, Any]:
    return {f"f{number}": [1] for number in range(count)}


def _size(size: int) -> dict[str, Any]:
    return {"a": ["x" * (size - len('{"a":[""]}'))]}


def _searching(count: int) -> dict[str, Any]:
    return {"a": [{"wildcard": "*x*"}] * count}


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (_nested, MAX_DEPTH),
        (_fields, MAX_LEAVES),
        (_size, MAX_BYTES),
        (_searching, MAX_SEARCHES),
        (lambda count: {"a": [*range(count)]}, MAX_ALTERNATIVES),
        (lambda count: {"a": [{"anything-but": [*range(count)]}]}, MAX_ALTERNATIVES),
        (lambda count: {"a": [{"wildcard": "x*" * count}]}, MAX_STARS),
        (lambda count: {"a": [{"wildcard": f"*{'x' * count}*"}]}, MAX_SEARCHED_CHARS),
        (lambda count: {"$or": [{"a": [at]} for at in range(count)]}, MAX_LEAVES),
        (_ors, MAX_DEPTH),
    ],
)
def test_limits(make: Callable[[int], dict[str, Any]], most: int) -> None:
    """What is at a limit is taken, and one more is refused."""
    conditions.parse(make(most))
    with pytest.raises(ConditionError):
        conditions.parse(make(most + 1))


def test_combinations_of_or_are_limited() -> None:
    """Options that multiply are refused before they are multiplied."""
    options = [{"a": [1]}, {"b": [1]}]
    deep: dict[str, Any] = {"$or": options}
    for name in "cdef":
        deep[name] = {"$or": options}
    with pytest.raises(ConditionError, match="combinations"):
        conditions.parse({**deep, "g": {"$or": options}, "h": {"$or": options}})
    conditions.parse(deep)


def _searches(piece: str) -> dict[str, Any]:
    length = min(len(piece), MAX_SEARCHED_CHARS // MAX_SEARCHES)
    return {"a": [{"wildcard": f"*{piece[:length]}*"}] * MAX_SEARCHES}


HOSTILE = {
    "wildcards that nearly fit": _searches("aaaaaab" + "a" * 20),
    "one long wildcard": {"a": [{"wildcard": f"*{'a' * 127}b{'a' * 127}*"}]},
    "stars": {"a": [{"wildcard": "*a*a*a*a*b"}] * 5},
    "lengthy prefixes": {"a": [{"prefix": "a" * 70 + str(number)} for number in range(90)]},
    "prefixes in any case": {
        "a": [{"prefix": {"equals-ignore-case": "a" * 40 + str(number)}} for number in range(90)]
    },
    "any case": {"a": [{"equals-ignore-case": "ß" * 20}] * 90},
    "networks": {"a": [{"cidr": f"10.0.{number}.0/24"} for number in range(100)]},
    "many fields in $or": {"$or": [{"a": [{"prefix": str(number)}]} for number in range(50)]},
    "objects": {"a": {"x": [1], "y": [2], "$or": [{"z": [number]} for number in range(40)]}},
    "absent from objects": {"a": {name: [{"exists": False}] for name in "xyzuvw"}},
}
TEXTS: dict[str, Any] = {
    "one text": "a" * LARGE,
    "text with capitals": "É" * (LARGE // 2),
    "texts of middling length": ["a" * 2_499] * (LARGE // 2_499),
    "short texts": ["a" * 8] * (LARGE // 10),
    "tiny texts": ["a"] * (LARGE // 4),
    "addresses": ["10.0.0.1"] * (LARGE // 11),
    "objects": [{"x": 1}] * (LARGE // 8),
    "lists": [[["a"]]] * (LARGE // 8),
}


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=[*HOSTILE])
def test_hostile_conditions_and_events_are_bounded(pattern: dict[str, Any]) -> None:
    """No condition takes more than 50 yardsticks, some 50 ms, with a field of 256 KiB, or it says so."""
    condition = conditions.parse(pattern)
    for name, value in TEXTS.items():
        match = partial(_match_or_refuse, condition, value)
        assert yardsticks(match, MOST_YARDSTICKS) < MOST_YARDSTICKS, name


def _match_or_refuse(condition: Condition, value: Any) -> None:
    try:
        conditions.match(condition, {"a": value})
    except ConditionTooExpensive:
        assert isinstance(value, list)


def test_nested_without_end() -> None:
    """Lists nested a thousand times, or names with a thousand dots, are only values."""
    deep: Any = ["x"]
    for _ in range(1_000):
        deep = [deep]
    assert conditions.match(conditions.parse({"a": ["x"]}), {"a": deep})
    assert not conditions.match(conditions.parse({"a": ["x"]}), {"a." * 1_000: "x", "b": deep})


def test_a_pattern_that_is_no_json_is_refused() -> None:
    """What JSON cannot have, or what is nested without end, is refused, not tried."""
    loop: dict[str, Any] = {}
    loop["a"] = loop
    for pattern in (_ors(390), loop, {"a": [float("nan")]}, {"a": [object()]}):
        with pytest.raises(ConditionError):
            conditions.parse(pattern)
