"""Whether receivers that hang make the others wait: 200 channels, half of them hanging, and none."""

from dataclasses import dataclass, field

from local.common import StackError, Tell
from local.stack import Stack
from local.waiting import until
from tests.faults.fixtures import event_type
from tests.faults.stream import Percentiles, Stream, fault_of, lines, median
from tests.stack.receivers import Receivers
from tests.stack.under_test import StackUnderTest

CHANNELS = 200
PER_EVENT = 10
"""So many channels have a rule on one event type, half of them in each half."""

HEALTHY = "accept"
HANGING = "hang-until-recovered"
RETRY = "none"
"""What waits for a retry would come in the time of the next measurement."""

DRAIN_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. ``settling``: seconds after a switch that are not counted.

    ``processes``: how many of the dispatcher's are started before.
    """

    channels: int
    rate: float
    settling: float
    seconds: float
    rounds: int
    processes: int


FULL = Plan(CHANNELS, rate=2.0, settling=10.0, seconds=40.0, rounds=5, processes=20)
SHORT = Plan(20, rate=3.0, settling=2.0, seconds=4.0, rounds=1, processes=4)


@dataclass
class Measured:
    """The 50th and 95th percentiles of seconds from PutEvents to request, of each round."""

    none_hanging: list[Percentiles] = field(default_factory=list)
    half_hanging: list[Percentiles] = field(default_factory=list)
    events: int = 0
    hung: int = 0

    @property
    def ratio(self) -> float:
        """How much longer the 95th percentile is with half of the receivers hanging."""
        return median(self.half_hanging, 1) / median(self.none_hanging, 1)

    def fault(self, *, short: bool) -> str | None:
        """Tell what is not as it must be."""
        return fault_of(self.ratio, median(self.half_hanging, 1), "with half hanging", short=short)

    def told(self) -> str:
        """Lay it out."""
        told = lines(
            "noisy neighbour", {"none hanging": self.none_hanging, "half hanging": self.half_hanging}
        )
        told.append(f"{self.events} events, {self.hung} requests hung, ratio of the p95: {self.ratio:.2f}")
        return "\n".join(told)


class NoisyNeighbours:
    """Channels in two halves, and a steady stream of events that go to both."""

    def __init__(self, stack: StackUnderTest, receivers: Receivers, plan: Plan, tell: Tell) -> None:
        self._stack = stack
        self._receivers = receivers
        self._tell = tell
        self._plan = plan
        types = [event_type(stack, f"neighbour.{n}") for n in range(plan.channels // PER_EVENT)]
        healthy: dict[str, list[str]] = {}
        self._hidden = stack.waiting_deliveries()
        for kind in types:
            for number in range(PER_EVENT):
                responder = HANGING if number % 2 else HEALTHY
                channel_id = stack.webhook(f"{receivers.url}/{responder}/{kind}.{number}", RETRY)
                rule_id = stack.rule(kind, channel_id)
                if responder == HEALTHY:
                    healthy.setdefault(kind, []).append(rule_id)
        self._stream = Stream(stack, receivers, healthy, plan.rate)

    def measure(self) -> Measured:
        """Measure by turns, so that whatever else the machine does meets both alike."""
        measured = Measured()
        self._phase(hanging=True)  # it starts the processes that wait for those that hang: it does not count
        for number in range(self._plan.rounds):
            for half in (False, True):
                p50, p95 = self._phase(hanging=half)
                (measured.half_hanging if half else measured.none_hanging).append((p50, p95))
                measured.events += round(self._plan.rate * self._plan.seconds)
                what = "half of the receivers hanging" if half else "none hanging"
                self._tell(f"Round {number + 1}, {what}: p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms")
        measured.hung = self._receivers.provoked().total()
        if not measured.hung:
            raise StackError("No receiver has hung")
        return measured

    def _phase(self, *, hanging: bool) -> Percentiles:
        self._receivers.recover()
        self._drain()
        self._stream.warm(self._plan.processes)
        self._receivers.recover(not hanging)
        self._stream.run(self._plan.settling)
        self._receivers.forget()
        return self._stream.percentiles(self._stream.run(self._plan.seconds))

    def _drain(self) -> None:
        """Wait until what earlier phases left has come to its end.

        What killed functions had stays hidden in its queue for minutes, and does nothing when it comes again.
        """
        until("the queues are empty", lambda: self._stack.waiting_deliveries() <= self._hidden, DRAIN_SECONDS)


def measure_neighbours(stack: Stack, *, short: bool, tell: Tell) -> Measured:
    """Measure on a deployed stack.

    Raises:
        StackError: a message to a receiver that does not hang did not come.
    """
    under_test = StackUnderTest(stack)
    with Receivers(under_test.ministack) as receivers:
        plan = SHORT if short else FULL
        tell(f"Preparing {plan.channels} channels ...")
        measured = NoisyNeighbours(under_test, receivers, plan, tell).measure()
        if short:  # on a stack that others go on using
            under_test.clean()
        return measured
