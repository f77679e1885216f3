"""How many messages once-per and a digest make of events, page by page or all at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import InvalidRequest
from notifications.core.model import Digest, OncePer, Rule
from notifications.core.windows.tallying import MAX_OPEN, MessageTally
from tests.samples import configuration as samples

AT = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
Hits = list[tuple[int, str]]
"""Seconds after ``AT``, in their order, and the value of the field."""


def counted(rule: Rule, hits: Hits, page: int = 10_000) -> int:
    """Count the messages of hits, so many a page."""
    windows: str | None = None
    messages = 0
    for start in range(0, len(hits), page):
        tally = MessageTally(rule, windows)
        for seconds, value in hits[start : start + page]:
            tally.add(AT + timedelta(seconds=seconds), {"f": value})
        messages += tally.messages
        windows = tally.left()
    return messages


def rule(**changes: Any) -> Rule:
    """Make a rule with windows."""
    return samples.rule(**changes)


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"once_per": OncePer(60)}, 3),
        ({"once_per": OncePer(60, ("f",))}, 4),
        ({"digest": Digest("1m")}, 3),
        ({"digest": Digest("1m", ("f",))}, 4),
        ({"digest": Digest("1h", max=2)}, 3),
        ({"digest": Digest("daily@10:31")}, 2),
        ({"once_per": OncePer(60), "digest": Digest("1h", max=2)}, 2),
    ],
)
def test_what_windows_make_of_events(changes: dict[str, Any], messages: int) -> None:
    """A message for each window that is opened, and for each digest."""
    hits = [(0, "a"), (30, "b"), (59, "a"), (60, "a"), (61, "a"), (300, "a")]
    assert counted(rule(**changes), hits) == messages


@given(
    st.lists(st.tuples(st.integers(0, 600), st.sampled_from("ab")), max_size=40),
    st.integers(1, 9),
    st.sampled_from(
        [
            {"once_per": OncePer(60, ("f",))},
            {"digest": Digest("2m", ("f",), 3)},
            {"once_per": OncePer(20), "digest": Digest("2m", (), 3)},
        ]
    ),
)
def test_pages_count_as_one(hits: Hits, page: int, changes: dict[str, Any]) -> None:
    """However the events are divided into pages, there are as many messages."""
    ordered = sorted(hits)
    assert counted(rule(**changes), ordered, page) == counted(rule(**changes), ordered)


def test_too_many_windows_are_forgotten_from_the_end() -> None:
    """What a page hands on is bounded: of too many windows those stay that end last."""
    tally = MessageTally(rule(once_per=OncePer(10_000, ("f",))), None)
    for number in range(MAX_OPEN + 5):
        tally.add(AT + timedelta(seconds=number), {"f": number})
    again = MessageTally(rule(once_per=OncePer(10_000, ("f",))), tally.left())
    for number in (0, 4, 5, MAX_OPEN + 4):
        again.add(AT + timedelta(seconds=MAX_OPEN + 5), {"f": number})
    assert again.messages == 2


@pytest.mark.parametrize("text", ["", "1", "[]", "[1,2]", '[{"a":"b"},{}]', '[{},{"a":1}]', "[" * 10_000])
def test_what_no_page_has_given_is_refused(text: str) -> None:
    """Windows that the client made up are an error of the client."""
    with pytest.raises(InvalidRequest):
        MessageTally(rule(once_per=OncePer(60)), text)
