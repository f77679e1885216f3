"""Which events belong together, how repeats are counted, and what a digest's templates see."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import InvalidRequest
from notifications.core.model import OncePer
from notifications.core.refusals import raise_first
from notifications.core.rule_types import BUILT_IN
from notifications.core.variables import DIGEST, Variables
from notifications.core.windows import checking, digests, repeats
from notifications.core.windows.grouping import group_of, nested
from notifications.core.windows.repeats import Window
from tests.samples.records import NOW

STARTED = BUILT_IN["session.started"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"f": 1}, {"f": 1.0}),
        ({}, {"f": None}),
        ({"f": {"a": 1, "b": 2}}, {"f": {"b": 2, "a": 1}}),
        ({"f": 1, "g": 2}, {"f": 1, "g": 3}),
    ],
)
def test_what_is_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Events are the same if the fields of ``by`` are; absent is null, and other fields do not matter."""
    assert group_of(one, ("f",), 600).name == group_of(other, ("f",), 600).name


@pytest.mark.parametrize("other", ["1", True, None, "", 2, [1], {"f": 1}])
def test_what_is_not(other: object) -> None:
    """Values of different kinds are different, however they are written."""
    assert group_of({"f": 1}, ("f",), 600).name != group_of({"f": other}, ("f",), 600).name


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"a": {"b": {"c": 1}}}, 1),
        ({"a.b": {"c": 1}}, 1),
        ({"a.b.c": 1}, 1),
        ({"a": {"b": [{"c": 1}, {"c": 2}, {}]}}, [1, 2]),
        ({"a": {"b": []}}, None),
        ({"a": {"b": 1}}, None),
        ({"a": None}, None),
    ],
)
def test_paths(data: dict[str, Any], found: object) -> None:
    """A path leads into objects and lists of them; a name with dots is as good as nesting."""
    assert group_of(data, ("a.b.c",), 600).values == (found,)


def test_the_period_and_the_fields_are_part_of_a_group() -> None:
    """A rule that is changed begins new windows."""
    names = {group_of({}, by, period).name for by in ((), ("f",), ("g",)) for period in (60, "60", 61)}
    assert len(names) == 9


def test_the_key_of_a_digest_is_nested() -> None:
    """Templates read the key as they read the fields; of a field and one inside of it the first stays."""
    assert nested(("a", "b.c", "b.d"), (1, 2, 3)) == {"a": 1, "b": {"c": 2, "d": 3}}
    assert nested(("b", "b.d"), (1, 2)) == {"b": 1}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
    ],
)
def test_ordinals(number: int, text: str) -> None:
    """Numbers are counted as people do."""
    assert repeats.ordinal(number) == text


def test_a_window_tells_what_was_suppressed_before_it() -> None:
    """The count begins anew with each window, unless nobody saw the message that told it."""
    first = repeats.opened(None, "e-1", OncePer(60), NOW, gone=False)
    assert first == Window("e-1", NOW + timedelta(seconds=60))
    seen = Window("e-1", NOW, repeats=5, before=7)
    assert repeats.opened(seen, "e-2", OncePer(60), NOW, gone=False).before == 5
    assert repeats.opened(seen, "e-2", OncePer(60), NOW, gone=True).before == 12


@given(st.lists(st.integers(1, 6_000), max_size=10))
def test_the_limit_of_records_is_met_exactly(counts: list[int]) -> None:
    """However repeats come together, the first ones of the hour are recorded and no more."""
    total = recorded = 0
    for count in counts:
        total += count
        recorded += repeats.recordable(count, total)
    assert recorded == min(total, repeats.MAX_RECORDED)


def test_a_digest_is_like_its_last_event_with_more() -> None:
    """The names of a digest win over fields of the same name, which ``data`` still has."""
    events = [Variables({"count": n, "data": {"count": n}, "timestamp": n}) for n in (1, 2)]
    seen = digests.variables(events, ("f",), (3,), 5)
    assert (seen["count"], seen["data"], seen["left_out"]) == (5, {"count": 2}, 3)
    assert (seen["first"], seen["last"], seen["key"]) == (events[0], events[1], {"f": 3})
    assert seen.keys() - {"data", "timestamp"} == DIGEST


@pytest.mark.parametrize(
    ("by", "fault"),
    [
        (("session_tipe",), "once_per.by: 'session_tipe' is not a field of session.started; the nearest is"),
        (("context.projekt",), "'context.projekt' is not a field of session.started; the nearest is"),
        (("context..project",), "is not a field's path"),
        (("",), "is not a field's path"),
        (("status", "status"), "'status' is there twice"),
    ],
)  # fmt: skip
def test_fields_that_do_not_exist_are_refused(by: tuple[str, ...], fault: str) -> None:
    """What a person mistyped is told with the nearest field."""
    with pytest.raises(InvalidRequest) as refused:
        raise_first(checking.refusals("once_per", by, STARTED))
    assert fault in refused.value.message


def test_fields_that_exist_are_taken() -> None:
    """Fields, and fields inside of them."""
    assert not [*checking.refusals("digest", ("session_type", "context.project", "context"), STARTED)]
