"""Messages are rendered a portion at a time."""

from collections.abc import Iterator, Sequence
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher import portions as module
from dispatcher.plan import Plan
from dispatcher.portions import Portion, portions
from notifications.core.matching import Match
from notifications.store.vault import Vault
from tests.samples.configuration import channel, rule
from tests.samples.records import event
from tests.unit.test_plan import VAULT

SIZE = 1_000


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PORTION_BYTES", SIZE)


def plan(number: int, sizes: Sequence[int]) -> Plan:
    """Plan an event whose messages have these sizes."""
    on = channel()
    matches = [
        Match(rule(id=f"{number}-{index}", message_template='"' + "m" * (size - 2) + '"'), on)
        for index, size in enumerate(sizes)
    ]
    return Plan(event(id=f"e-{number}"), "dispatched", matches=matches)


def sizes(portion: Portion) -> list[int]:
    """Weigh the messages of a portion."""
    return [len(item.request.body) for item in portion.outgoing]


@given(st.lists(st.lists(st.integers(2, 700), max_size=6), max_size=5))
def test_portions_are_bounded_and_leave_nothing_out(messages: list[list[int]]) -> None:
    """Each portion is within its bound but for its last message; together they have all, in order, once."""
    plans = [plan(number, each) for number, each in enumerate(messages)]
    found = list(portions(VAULT, plans))
    assert [size for portion in found for size in sizes(portion)] == [
        size for each in messages for size in each
    ]
    for portion in found:
        assert sum(sizes(portion)[:-1]) < SIZE
    for portion in found[:-1]:
        assert sum(sizes(portion)) >= SIZE


@given(st.lists(st.lists(st.integers(2, 700), max_size=6), max_size=5))
def test_an_event_is_completed_when_all_of_it_was_in_a_portion(messages: list[list[int]]) -> None:
    """An event counts as completed once, in no portion before the one with its last message."""
    plans = [plan(number, each) for number, each in enumerate(messages)]
    left = {each.event.id: len(each.matches) for each in plans}
    completed: list[str] = []
    for portion in portions(VAULT, plans):
        for item in portion.outgoing:
            left[item.record.event_id] -= 1
        assert all(left[done.event.id] == 0 for done in portion.completed)
        completed += [done.event.id for done in portion.completed]
    assert completed == [each.event.id for each in plans]


def test_a_portion_is_rendered_when_it_is_asked_for() -> None:
    """What comes after a portion is not rendered before the portion is done with."""
    rendered: list[str] = []

    class Watched:
        """A vault that notes whose secrets are asked for: that is part of rendering a message."""

        def secrets(self, asked: object) -> object:
            """Note it."""
            rendered.append("m")
            return VAULT.secrets(asked)  # type: ignore[arg-type]

    made: Iterator[Portion] = portions(cast(Vault, Watched()), [plan(1, [600] * 6)])
    for expected in (2, 4, 6):
        next(made)
        assert len(rendered) == expected
