"""The short form of ``make attack``, on the stack of these tests."""

import pytest

from local.stack import Stack
from tests.attack.addresses import free_address
from tests.attack.runner import attack


@pytest.mark.seconds(900)
def test_nothing_hostile_is_let_through(stack: Stack) -> None:
    """Hostile targets, templates, requests, receivers and events are refused, and no secret is told."""
    report = attack(stack, free_address(), None, short=True, tell=print)
    assert report.ok, "\n".join(report.lines())
