"""The index of conditions finds what trying them one by one finds, and does not try them all."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.core import conditions
from notifications.core.conditions import Index
from notifications.core.conditions.ranges import Ranges
from tests.samples.conditions import EVENTS, PATTERNS

pytestmark = pytest.mark.slow


MANY = 10_000
FEW = 100
MATCHING = 16


@settings(max_examples=3 * settings().max_examples)
@given(patterns=st.lists(st.one_of(st.none(), PATTERNS), max_size=8), data=EVENTS)
def test_the_index_finds_what_brute_force_finds(patterns: list[Any], data: dict[str, Any]) -> None:
    """Whatever the conditions are, those that are met are found, in their order."""
    read = [pattern and conditions.parse(pattern) for pattern in patterns]
    index = Index(read)
    met = [at for at, one in enumerate(read) if one is None or conditions.match(one, data)]
    assert index.matching(data) == met
    assert set(met) <= set(index.candidates(data))


BOUNDS = st.integers(-5, 5) | st.sampled_from([float("-inf"), float("inf"), 0.5])


@given(
    ranges=st.lists(st.tuples(BOUNDS, BOUNDS, st.integers(0, 99)), max_size=20),
    number=st.integers(-6, 6) | st.just(0.5),
)
def test_ranges_are_found(ranges: list[tuple[float, float, int]], number: float) -> None:
    """The ranges around a number are those whose bounds it is between."""
    expected = sorted(position for lower, upper, position in ranges if lower <= number <= upper)
    assert sorted(Ranges(ranges).around(number)) == expected


def _other(position: int) -> str:
    return f"train-{position:05}" if position >= MATCHING else "wanted"


def _not(position: int) -> str:
    return f"other-{position}" if position < MATCHING else "name"


DATA = {"name": "wanted", "kind": "batch", "load": 5}


@pytest.mark.parametrize(
    "make",
    [
        lambda position: {"kind": ["batch"], "name": [_other(position)]},
        lambda position: {"kind": ["batch"], "name": [f"other-{position}", _other(position)]},
        lambda position: {"name": [{"prefix": _other(position)}]},
        lambda position: {"name": [{"suffix": _other(position)}]},
        lambda position: {"name": [{"wildcard": f"{_other(position)}*"}]},
        lambda position: {"name": [{"equals-ignore-case": _other(position).upper()}]},
        lambda position: {
            "load": [{"numeric": [">=", 5 + 10 * (position // MATCHING), "<", 9 + 10 * position]}]
        },
        lambda position: {"load": [{"numeric": [">", 4.5 + position // MATCHING]}]},
        lambda position: {"$or": [{"name": [_other(position)]}, {"kind": [_other(position + MATCHING)]}]},
        lambda position: {"kind": [{"anything-but": "x"}], "name": [_other(position)]},
        lambda position: {
            "name": [{"anything-but": [_not(position).replace("name", "wanted")]}, {"exists": False}]
        },
        lambda position: {_not(position): [None, {"exists": False}]},
    ],
    ids=[
        *("value", "values", "prefix", "suffix", "wildcard", "any case"),
        *("range", "bound", "or", "and not", "not", "not set"),
    ],
)
@pytest.mark.parametrize("count", [FEW, MANY])
def test_few_of_many_conditions_are_tried(make: Any, count: int) -> None:
    """Of many conditions, only those are tried that the values of the event lead to."""
    index = Index([conditions.parse(make(position)) for position in range(count)])
    assert len(index.matching(DATA)) == MATCHING
    assert len(index.candidates(DATA)) == MATCHING


def test_what_takes_too_many_steps_is_told_apart() -> None:
    """A condition that cannot be decided keeps no other from being decided."""
    dear = conditions.parse({"a": [{"wildcard": f"*{name}*"} for name in "bcdefghij"]})
    tried = Index([dear, None, conditions.parse({"b": [1]})]).try_all({"a": ["x"] * 50_000, "b": 1})
    assert tried.too_expensive == [0]
    assert tried.met == [1, 2]
