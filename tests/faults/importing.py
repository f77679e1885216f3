"""Whether an import of rules slows down the events of other types."""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.common import StackError, Tell
from local.stack import Stack
from tests.faults.fixtures import event_type
from tests.faults.stream import Percentiles, Stream, fault_of, lines, median
from tests.stack.receivers import Receivers
from tests.stack.under_test import StackUnderTest

TYPES = 10
PER_EVENT = 10
"""So many rules, each on a channel of its own, has each of the types that nobody changes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. ``rules``: imported in all the rounds together. ``rate``: events a second."""

    rules: int
    types: int
    rate: float
    settling: float
    seconds: float
    rounds: int
    processes: int


FULL = Plan(1_000, TYPES, rate=4.0, settling=5.0, seconds=20.0, rounds=10, processes=20)
SHORT = Plan(20, 2, rate=3.0, settling=1.0, seconds=4.0, rounds=1, processes=4)


@dataclass
class Imported:
    """How long events took, of each round; ``rules``: how many were imported meanwhile."""

    quiet: list[Percentiles] = field(default_factory=list)
    importing: list[Percentiles] = field(default_factory=list)
    rules: int = 0

    @property
    def ratio(self) -> float:
        """How much longer the 95th percentile is during the import.

        Each round is compared with itself, since other work slows both of its halves alike.
        """
        return statistics.median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        """The ratio of the 95th percentiles of each round."""
        rounds = zip(self.importing, self.quiet, strict=True)
        return [importing[1] / quiet[1] for importing, quiet in rounds]

    def fault(self, *, short: bool) -> str | None:
        """Tell what is not as it must be."""
        return fault_of(self.ratio, median(self.importing, 1), "during the import", short=short)

    def told(self) -> str:
        """Lay it out."""
        told = lines("import of rules", {"nothing is written": self.quiet, "importing": self.importing})
        each = ", ".join(f"{ratio:.2f}" for ratio in self.ratios)
        told.append(f"{self.rules} rules imported, ratio of the p95: {self.ratio:.2f}, the median of {each}")
        return "\n".join(told)


class Importing:
    """Events of types that nobody changes, and rules that are made on another one."""

    def __init__(self, stack: StackUnderTest, receivers: Receivers, plan: Plan, tell: Tell) -> None:
        self._stack = stack
        self._receivers = receivers
        self._tell = tell
        self._plan = plan
        rules: dict[str, list[str]] = {}
        for number in range(plan.types):
            kind = event_type(stack, f"importing.{number}")
            paths = [f"/accept/{kind}.{each}" for each in range(PER_EVENT)]
            rules[kind] = [stack.rule(kind, stack.webhook(receivers.url + path)) for path in paths]
        self._stream = Stream(stack, receivers, rules, plan.rate)
        self._target = event_type(stack, "importing.target")
        self._channel = stack.webhook(f"{receivers.url}/accept/{self._target}")

    def measure(self) -> Imported:
        """Measure by turns, so that whatever else the machine does meets both alike."""
        measured = Imported()
        self._stream.run(self._plan.settling)
        for number in range(self._plan.rounds):
            if number % 2:  # so that neither is always the one for which the machine is warm
                measured.rules += self._while_importing(measured)
            measured.quiet.append(self._phase())
            if not number % 2:
                measured.rules += self._while_importing(measured)
            quiet, importing = measured.quiet[-1][1], measured.importing[-1][1]
            self._tell(f"Round {number + 1}: p95 {1000 * quiet:.0f} ms, importing {1000 * importing:.0f} ms")
        if measured.rules < self._plan.rules:
            raise StackError(f"Only {measured.rules} of {self._plan.rules} rules were imported")
        return measured

    def _while_importing(self, measured: Imported) -> int:
        with self._import(self._plan.rules // self._plan.rounds) as made:
            measured.importing.append(self._phase())
        return len(made)

    def _phase(self) -> Percentiles:
        self._stream.warm(self._plan.processes)
        self._receivers.forget()
        return self._stream.percentiles(self._stream.run(self._plan.seconds))

    @contextmanager
    def _import(self, count: int) -> Iterator[list[str]]:
        """Make so many rules, evenly spaced over a phase, while the body goes on."""
        made: list[str] = []

        def make() -> None:
            started = time.monotonic()
            for number in range(count):
                time.sleep(max(0.0, started + number * self._plan.seconds / count - time.monotonic()))
                made.append(self._stack.rule(self._target, self._channel))

        thread = threading.Thread(target=make)
        thread.start()
        try:
            yield made
        finally:
            thread.join(600)


def measure_import(stack: Stack, *, short: bool, tell: Tell) -> Imported:
    """Measure on a deployed stack.

    Raises:
        StackError: a message did not come, or a rule could not be made.
    """
    under_test = StackUnderTest(stack)
    with Receivers(under_test.ministack) as receivers:
        plan = SHORT if short else FULL
        tell(f"Preparing {plan.types * PER_EVENT} rules, to import {plan.rules} beside them ...")
        measured = Importing(under_test, receivers, plan, tell).measure()
        if short:  # on a stack that others go on using
            under_test.clean()
        return measured
