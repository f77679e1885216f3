"""Filters, order and pages of the searches."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import InvalidRequest
from notifications.core.search import Order, Page, Summary, Window, cut, ordered, string_filter

OPERATORS = ["equals", "contains", "starts_with", "ends_with"]
NAMES = ["GPU alerts", "gpu alerts", "Alerts of GPU", "other", "", "Straße"]
CASES = [
    ("equals", "GPU alerts", {"GPU alerts"}),
    ("contains", "GPU", {"GPU alerts", "Alerts of GPU"}),
    ("starts_with", "GPU", {"GPU alerts"}),
    ("ends_with", "alerts", {"GPU alerts", "gpu alerts"}),
    ("i_equals", "gpu ALERTS", {"GPU alerts", "gpu alerts"}),
    ("i_contains", "gpu", {"GPU alerts", "gpu alerts", "Alerts of GPU"}),
    ("i_starts_with", "gpu", {"GPU alerts", "gpu alerts"}),
    ("i_ends_with", "GPU", {"Alerts of GPU"}),
    ("i_equals", "STRASSE", {"Straße"}),
    ("in", ["other", ""], {"other", ""}),
    ("in", [], set()),
    ("i_in", ["OTHER", "gpu Alerts"], {"other", "GPU alerts", "gpu alerts"}),
]
SUMMARIES = st.lists(
    st.builds(
        Summary,
        id=st.uuids().map(str),
        name=st.sampled_from("ab"),
        type=st.just("webhook"),
        enabled=st.booleans(),
        created_at=st.sampled_from(["2026-01-01", "2026-01-02", "2026-01-03"]),
        updated_at=st.sampled_from(["2026-02-01", "2026-02-02"]),
    ),
    unique_by=lambda summary: summary.id,
)
ORDERS = st.lists(
    st.builds(Order, st.sampled_from(["name", "created_at", "updated_at"]), st.sampled_from(["asc", "desc"])),
    max_size=3,
)


def page(items: list[Summary], orders: list[Order], offset: int, limit: int) -> Page[Summary]:
    """Sort and take a page."""
    return cut(ordered(items, orders), Window(limit, offset))


def found(conditions: dict[str, object]) -> set[str]:
    """Filter the names."""
    return set(filter(string_filter(conditions), NAMES))


def negation(operator: str) -> str:
    """Write an operator's negation as the contract does."""
    return f"i_not_{operator.removeprefix('i_')}" if operator.startswith("i_") else f"not_{operator}"


@pytest.mark.parametrize(("operator", "wanted", "expected"), CASES)
def test_operator(operator: str, wanted: object, expected: set[str]) -> None:
    """An operator finds what it names, and its negation exactly the others."""
    assert found({operator: wanted}) == expected
    assert found({negation(operator): wanted}) == set(NAMES) - expected


@pytest.mark.parametrize("operator", ["in", "not_in", "i_in", "i_not_in"])
def test_in_with_underscore(operator: str) -> None:
    """The v2 SDK's spelling of ``in`` with a trailing underscore means the same."""
    assert found({f"{operator}_": ["other"]}) == found({operator: ["other"]})


@given(st.sampled_from(OPERATORS), st.text(), st.text())
def test_ignoring_case_finds_at_least_as_much(operator: str, value: str, wanted: str) -> None:
    """Whatever an operator finds, it finds as well when it ignores case."""
    if string_filter({operator: wanted})(value):
        assert string_filter({f"i_{operator}": wanted})(value)
    assert string_filter({f"i_{operator}": value.upper()})(value.upper())


def test_first_condition_counts() -> None:
    """Of several conditions the first that is not null counts, and the others are ignored."""
    assert found({"equals": None, "contains": "other", "equals_": ""}) == {"other"}
    assert found({"equals": "", "contains": "GPU"}) == {""}


def test_unknown_keys_are_ignored() -> None:
    """A key that no operator has does not count; without any condition all is found."""
    assert found({"resembles": "x", "equals": "other"}) == {"other"}
    assert found({"resembles": "x"}) == found({"equals": None}) == found({}) == set(NAMES)


@pytest.mark.parametrize(
    "conditions", [{"equals": 5}, {"contains": ["a"]}, {"in": "a"}, {"in": ["a", 5]}, {"i_not_in": {}}]
)
def test_wrong_value(conditions: dict[str, object]) -> None:
    """A value that an operator cannot take is refused by the operator's name."""
    with pytest.raises(InvalidRequest, match=next(iter(conditions))):
        string_filter(conditions)


def summary(number: int, created_at: str = "2026-01-01", name: str = "a") -> Summary:
    """Make a summary."""
    return Summary(str(number), name, "webhook", True, created_at, created_at)


def test_several_sort_keys() -> None:
    """The first sort key decides, the next ones decide its ties, and age decides the rest."""
    items = [summary(1, "2026-01-02"), summary(2, "2026-01-01"), summary(3, "2026-01-03", "b")]
    orders = [Order("name", "desc"), Order("created_at", "asc")]
    assert [item.id for item in page(items, orders, 0, 10).items] == ["3", "2", "1"]


@given(SUMMARIES, ORDERS, st.randoms(use_true_random=False))
def test_order_is_that_of_the_keys(items: list[Summary], orders: list[Order], random: object) -> None:
    """Neighbours are in the order of the sort keys, and the order found does not depend on how they came."""
    shown = page(items, orders, 0, 1_000).items
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert page(shuffled, orders, 0, 1_000).items == shown
    for one, next_one in pairwise(shown):
        for order in orders:
            pair = getattr(one, order.field), getattr(next_one, order.field)
            if pair[0] != pair[1]:
                assert (pair[0] < pair[1]) is (order.direction == "asc")
                break


@given(SUMMARIES, ORDERS, st.integers(1, 5))
def test_pages_make_the_whole(items: list[Summary], orders: list[Order], limit: int) -> None:
    """The pages one after the other have each item once; each tells the total and its own place."""
    whole = page(items, orders, 0, 1_000).items
    pages = [page(items, orders, offset, limit) for offset in range(0, len(items) + 1, limit)]
    assert [item for each in pages for item in each.items] == whole
    assert {each.total for each in pages} == {len(items)}
    assert [each.offset for each in pages] == list(range(0, len(items) + 1, limit))


@given(SUMMARIES, SUMMARIES, st.integers(1, 5))
def test_additions_do_not_shift_pages(items: list[Summary], added: list[Summary], limit: int) -> None:
    """While things are added between two pages, none is shown twice and none is missed."""
    newer = [summary(number, "2026-02-01") for number in range(len(added))]
    first, second = page(items, [], 0, limit), page(items + newer, [], limit, 1_000)
    shown = [*first.items, *second.items]
    assert [item for item in shown if item not in newer] == page(items, [], 0, 1_000).items


@given(SUMMARIES, st.integers(1, 5))
def test_pages_by_neighbour_make_the_whole(items: list[Summary], limit: int) -> None:
    """Going on after the last item of each page shows each item once; going back shows them again."""
    whole = ordered(items, [])
    shown, window = [], Window(limit)
    while (part := cut(whole, window)).items:
        shown += part.items
        assert part.has_next is (len(shown) < len(whole))
        window = Window(limit, after=part.items[-1].id)
    assert shown == whole
    for position, item in enumerate(whole):
        before = cut(whole, Window(limit, before=item.id))
        assert before.items == whole[max(0, position - limit) : position]


def test_unknown_neighbour() -> None:
    """A page next to something that the search does not find is refused."""
    for window in (Window(1, after="nobody"), Window(1, before="nobody")):
        with pytest.raises(InvalidRequest, match="nobody"):
            cut([summary(1)], window)
