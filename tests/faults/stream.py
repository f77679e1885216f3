"""A steady stream of events, and how long they take to their receivers."""

import statistics
import time
from collections.abc import Mapping, Sequence

from local.waiting import until
from tests.faults.fixtures import event_type
from tests.stack.receivers import Receivers
from tests.stack.under_test import StackUnderTest

Percentiles = tuple[float, float]
"""The 50th and the 95th of seconds from PutEvents to request."""


MAX_RATIO = 1.2
MAX_SECONDS_SHORT = 10.0
"""The short form only shows that nobody waits for the others, whose receivers hang for 30 s."""


class Stream:
    """Events of several types, evenly spaced. ``rules``: whose deliveries are measured, by event type.

    ``rate``: events a second.
    """

    def __init__(
        self, stack: StackUnderTest, receivers: Receivers, rules: Mapping[str, Sequence[str]], rate: float
    ) -> None:
        self._stack = stack
        self._receivers = receivers
        self._rules = rules
        self._rate = rate
        self._warm_type = event_type(stack, "stream.warm")
        self._warm_path = f"/accept-slowly/{self._warm_type}"
        stack.rule(self._warm_type, stack.webhook(receivers.url + self._warm_path))

    def warm(self, processes: int) -> None:
        """Have as many processes of the dispatcher as it may need: a cold start is nobody's fault."""
        before = self._receivers.count([self._warm_path])
        for _ in range(processes):
            self._stack.put(self._warm_type, [{"n": 1}])
            time.sleep(0.06)
        wanted = before + processes
        until("functions are warm", lambda: self._receivers.count([self._warm_path]) >= wanted)

    def run(self, seconds: float) -> dict[str, str]:
        """Put events for so long; return their types by their ids."""
        types = [*self._rules]
        events: dict[str, str] = {}
        started = time.monotonic()
        for number in range(round(self._rate * seconds)):
            time.sleep(max(0.0, started + number / self._rate - time.monotonic()))
            kind = types[number % len(types)]
            (event_id,) = self._stack.put(kind, [{"n": number}])
            events[event_id] = kind
        return events

    def percentiles(self, events: Mapping[str, str]) -> Percentiles:
        """Wait until all of these events have come; tell how long they took.

        Raises:
            StackError: one has not come.
        """
        wanted = {
            f"{event_id}_{rule_id}": self._stack.put_at[event_id]
            for event_id, kind in events.items()
            for rule_id in self._rules[kind]
        }
        came: dict[str, float] = {}

        def all_came() -> bool:
            for request in self._receivers.received():
                if request.webhook_id in wanted and request.accepted:
                    came.setdefault(request.webhook_id, request.at)
            return len(came) == len(wanted)

        until("all messages to receivers that are well", all_came)
        cuts = statistics.quantiles(
            [came[delivery_id] - at for delivery_id, at in wanted.items()], n=20, method="inclusive"
        )
        return cuts[9], cuts[18]


def median(rounds: Sequence[Percentiles], column: int) -> float:
    """Return the median of one of the percentiles over the rounds."""
    return statistics.median(values[column] for values in rounds)


def fault_of(ratio: float, p95: float, what: str, *, short: bool) -> str | None:
    """Tell what is not as it must be: in the short form the 95th percentile ``what``, else the ratio."""
    if short:
        return None if p95 < MAX_SECONDS_SHORT else f"the p95 {what} is {p95:.1f} s"
    return None if ratio <= MAX_RATIO else f"the ratio is {ratio:.2f}, more than {MAX_RATIO}"


def lines(what: str, rounds_by_name: Mapping[str, Sequence[Percentiles]]) -> list[str]:
    """Build what the rounds gave."""
    laid = [f"{what:<24}  {'p50':>8}  {'p95':>8}  p95 of each round"]
    for name, rounds in rounds_by_name.items():
        each = ", ".join(f"{1000 * p95:.0f}" for _, p95 in rounds)
        p50, p95 = (1000 * median(rounds, column) for column in (0, 1))
        laid.append(f"{name:<24}  {p50:>5.0f} ms  {p95:>5.0f} ms  {each}")
    return laid
