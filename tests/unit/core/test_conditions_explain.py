"""Why a condition holds or not: the deciding leaf, what was seen, and what was needed."""

from typing import Any

import pytest
from hypothesis import given, settings

from notifications.core import conditions
from notifications.core.conditions import LeafResult
from tests.samples.conditions import EVENTS, PATTERNS

Pattern = dict[str, Any]

OPERATORS: list[tuple[str, Pattern, Any, Any, str, str]] = [
    ("text", {"a": ["x", "y"]}, "x", "z", '"x" or "y"', "a=x,y"),
    ("number", {"a": [5]}, 5, 6, "5", "a=5"),
    ("true", {"a": [True]}, True, False, "true", "a=true"),
    ("null", {"a": [None]}, None, 0, "null", "a=null"),
    ("prefix", {"a": [{"prefix": "x"}]}, "xy", "yx", 'a text that begins with "x"', "a=x*"),
    (
        *("prefix in any case", {"a": [{"prefix": {"equals-ignore-case": "x"}}]}, "XY", "YX"),
        *('a text that begins with "x" in upper or lower case', "a~=x*"),
    ),
    ("suffix", {"a": [{"suffix": "x"}]}, "yx", "xy", 'a text that ends with "x"', "a=*x"),
    (
        *("suffix in any case", {"a": [{"suffix": {"equals-ignore-case": "x"}}]}, "YX", "XY"),
        *('a text that ends with "x" in upper or lower case', "a~=*x"),
    ),
    ("any case", {"a": [{"equals-ignore-case": "x"}]}, "X", "y", '"x" in upper or lower case', "a~=x"),
    ("wildcard", {"a": [{"wildcard": "x*y"}]}, "x-y", "yx", 'a text like "x*y"', "a=x*y"),
    ("numeric", {"a": [{"numeric": [">", 5]}]}, 6, 5, "a number > 5", "a>5"),
    ("range", {"a": [{"numeric": [">=", 2, "<=", 5]}]}, 2, 1, "a number >= 2 and <= 5", "a=2..5"),
    ("open range", {"a": [{"numeric": [">", 2, "<", 5]}]}, 3, 2, "a number > 2 and < 5", "a>2 and a<5"),
    (
        *("cidr", {"a": [{"cidr": "10.0.0.0/8"}]}, "10.1.1.1", "11.1.1.1", "an address in 10.0.0.0/8"),
        '{"a":[{"cidr":"10.0.0.0/8"}]}',
    ),
    ("exists", {"a": [{"exists": True}]}, None, ..., "any value", '{"a":[{"exists":true}]}'),
    ("exists not", {"a": [{"exists": False}]}, ..., None, "absent", '{"a":[{"exists":false}]}'),
    (
        *("anything-but", {"a": [{"anything-but": ["x"]}]}, "y", "x", 'any value but "x"'),
        '{"a":[{"anything-but":["x"]}]}',
    ),
    (
        *("anything-but prefix", {"a": [{"anything-but": {"prefix": ["x", "y"]}}]}, "z", "xx"),
        *('any value but what begins with "x" or "y"', '{"a":[{"anything-but":{"prefix":["x","y"]}}]}'),
    ),
    (
        *("anything-but suffix", {"a": [{"anything-but": {"suffix": "x"}}]}, "z", "xx"),
        *('any value but what ends with "x"', '{"a":[{"anything-but":{"suffix":"x"}}]}'),
    ),
    (
        *("anything-but wildcard", {"a": [{"anything-but": {"wildcard": "*x*"}}]}, "z", "axa"),
        *('any value but what is like "*x*"', '{"a":[{"anything-but":{"wildcard":"*x*"}}]}'),
    ),
    (
        *("anything-but in any case", {"a": [{"anything-but": {"equals-ignore-case": "x"}}]}, "z", "X"),
        'any value but "x" in upper or lower case',
        '{"a":[{"anything-but":{"equals-ignore-case":"x"}}]}',
    ),
    (
        *("not", {"a": [{"anything-but": ["x"]}, {"exists": False}]}, ..., "x"),
        *('any value but "x", or absent', "a!=x"),
    ),
    ("not set", {"a": [None, {"exists": False}]}, ..., "x", "absent or null", "!a"),
    (
        *(
            "set",
            {"a": [{"prefix": ""}, {"numeric": ["<", 0]}, {"numeric": [">=", 0]}, True, False]},
            0,
            None,
        ),
        *("any value but null", "a"),
    ),
]


def _data(value: Any) -> dict[str, Any]:
    return {} if value is ... else {"a": value}


def seen(value: Any) -> str:
    """Write a value as an explanation shows it."""
    return {str: f'"{value}"', type(None): "null", bool: str(value).lower()}.get(type(value), str(value))


@pytest.mark.parametrize(
    ("pattern", "good", "bad", "needed", "clause"),
    [row[1:] for row in OPERATORS],
    ids=[row[0] for row in OPERATORS],
)
def test_each_operator_is_explained(pattern: Pattern, good: Any, bad: Any, needed: str, clause: str) -> None:
    """For each operator: the path, the value that was seen, what was needed in words, and the clause."""
    condition = conditions.parse(pattern)
    for value, met in ((good, True), (bad, False)):
        explanation = conditions.explain(condition, _data(value))
        shown = "absent" if value is ... else seen(value)
        assert explanation.met is met
        assert explanation.deciding == LeafResult("a", shown, needed, clause)


@settings(max_examples=3 * settings().max_examples)
@given(pattern=PATTERNS, data=EVENTS)
def test_explain_agrees_with_match(pattern: Pattern, data: dict[str, Any]) -> None:
    """To explain never says anything but to match, and always names a leaf."""
    condition = conditions.parse(pattern)
    explanation = conditions.explain(condition, data)
    assert explanation.met is conditions.match(condition, data)
    assert explanation.leaves


def test_all_leaves_of_a_condition_that_holds_are_told() -> None:
    """What holds is told leaf by leaf, of ``$or`` the option that holds."""
    condition = conditions.parse({"a": [1], "$or": [{"b": [2]}, {"c": [3]}]})
    explanation = conditions.explain(condition, {"a": 1, "c": 3})
    assert [(told.path, told.seen) for told in explanation.leaves] == [("a", "1"), ("c", "3")]


def test_the_nearest_miss_is_told() -> None:
    """Of several options, and of several objects in a list, the one is told that failed last."""
    condition = conditions.parse({"$or": [{"a": [1], "b": [1]}, {"a": [2], "b": [2]}]})
    explanation = conditions.explain(condition, {"a": 2, "b": 3})
    assert explanation.deciding == LeafResult("b", "3", "2", "b=2")
    inside = conditions.parse({"a": {"x": [1], "y": [2]}})
    told = conditions.explain(inside, {"a": [{"x": 0, "y": 2}, {"x": 1, "y": 5}]}).deciding
    assert told == LeafResult("a.y", "[2,5]", "2", "a.y=2")
    assert str(told) == "a.y is [2,5], needed: 2"
