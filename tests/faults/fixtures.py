"""What faults are made with."""

from dataclasses import dataclass

from local.common import Tell
from tests.proxy.proxy import Proxy
from tests.stack.receivers import Receivers
from tests.stack.under_test import StackUnderTest

PROPERTIES = {"n": {"type": "integer"}, "x": {}}
"""The fields of the events; ``n`` is required."""


@dataclass(frozen=True, slots=True)
class Fixtures:
    """A stack whose functions reach AWS's APIs by the proxy, and its receivers.

    ``short``: only what needs no minutes.
    """

    stack: StackUnderTest
    receivers: Receivers
    proxy: Proxy
    short: bool
    tell: Tell


def event_type(stack: StackUnderTest, name: str) -> str:
    """Make an event type of the faults."""
    return stack.event_type(f"faults.{name}", PROPERTIES, ["n"])
