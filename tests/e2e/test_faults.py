"""The short form of ``make faults``, on the stack of these tests."""

import pytest

from local.stack import Stack
from tests.faults.importing import measure_import
from tests.faults.noisy_neighbour import measure_neighbours
from tests.faults.results import problems, table
from tests.faults.runner import chosen, make_faults

pytestmark = pytest.mark.seconds(900)
"""Faults are waited for in real time, and other runs may share the machine."""


def test_nothing_is_lost_whatever_goes_wrong(stack: Stack) -> None:
    """Functions die, AWS's APIs refuse, receivers misbehave: every delivery ends as it must, none is lost."""
    rows = make_faults(stack, chosen((), short=True), short=True, tell=print)
    assert problems(rows) == [], table(rows)
    assert sum(row.lost for row in rows) == 0


def test_receivers_that_hang_do_not_keep_others_waiting(stack: Stack) -> None:
    """With half of the receivers hanging, the other half gets every message, and soon."""
    measured = measure_neighbours(stack, short=True, tell=print)
    assert measured.fault(short=True) is None, measured.told()


def test_an_import_of_rules_does_not_keep_other_events_waiting(stack: Stack) -> None:
    """While rules are imported, the events of other types come through, and soon."""
    measured = measure_import(stack, short=True, tell=print)
    assert measured.fault(short=True) is None, measured.told()
