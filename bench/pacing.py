"""How evenly a paced channel's messages come, and what they do to others: on a local stack.

``python -m bench.pacing [--port PORT]``: with a port, on the stack of this clone that is up there.
"""

import argparse
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import pairwise
from statistics import median, quantiles

from local.command import run, tell
from local.common import ROOT, Tell
from local.receiver import Received, Receiver, Reply
from local.stack import Stack, temporary
from local.waiting import until
from tests.stack.under_test import StackUnderTest

RATE = "1/s"
MESSAGES = 60
BESIDE_SECONDS = 0.5
"""So often another channel gets an event."""

WARM_UP_SECONDS = 10.0

WATCHED_SECONDS = 60.0
"""For so long the queue of deliveries is watched while many wait."""

TEMPLATE = '{"n": {{ n }}}'


class _Noting:
    """A receiver that notes when each request came."""

    def __init__(self) -> None:
        self.times: dict[int, float] = {}
        self.receiver = Receiver(self._reply)

    def _reply(self, request: Received) -> Reply:
        at = time.monotonic()
        self.times[int(request.text.removeprefix('{"n": ').removesuffix("}"))] = at
        return Reply()


class _Side:
    """An event type whose events go to a receiver of its own. ``rate``: of its channel, if it has one."""

    def __init__(self, stack: StackUnderTest, exits: ExitStack, rate: str | None = None) -> None:
        self.noting = _Noting()
        self._stack = stack
        exits.enter_context(self.noting.receiver)
        spec = {"url": self.noting.receiver.url}
        more = {"rate": rate} if rate else {}
        self.channel_id = str(stack.channel(spec, **more)["id"])
        self.event_type = stack.event_type("pacing", {"n": {"type": "integer"}}, ["n"])
        stack.rule(self.event_type, self.channel_id, TEMPLATE)
        self.put_at: dict[int, float] = {}

    def put(self, count: int) -> None:
        """Put events."""
        first = len(self.put_at)
        self.put_at |= dict.fromkeys(range(first, first + count), time.monotonic())
        self._stack.put(self.event_type, [{"n": number} for number in range(first, first + count)])

    def put_steadily(self, ended: threading.Event) -> None:
        """Put an event now and then until it is enough."""
        while not ended.wait(BESIDE_SECONDS):
            self.put(1)

    def latencies(self) -> list[float]:
        """Return how long each event took to its receiver, in seconds."""
        until("all events beside came", lambda: len(self.noting.times) == len(self.put_at) or None)
        return [at - self.put_at[number] for number, at in self.noting.times.items()]


def main() -> int:
    """Measure, and print what came out."""
    parser = argparse.ArgumentParser(prog="bench.pacing", description=__doc__)
    parser.add_argument("--port", type=int)
    parser.add_argument("--waiting", type=int, default=0, help="measure too how many that wait are no burden")
    arguments = parser.parse_args()
    with ExitStack() as exits:
        if arguments.port:
            stack = Stack(ROOT / ".local", arguments.port)
        else:
            stack = exits.enter_context(temporary(tell))
        under_test = StackUnderTest(stack)
        exits.callback(under_test.clean)
        _paced(under_test, exits, tell)
        if arguments.waiting:
            _waiting(under_test, exits, arguments.waiting, tell)
    return 0


def _beside(stack: StackUnderTest, exits: ExitStack, seconds: float) -> list[float]:
    """Measure another channel's latencies for so long."""
    side, ended = _Side(stack, exits), threading.Event()
    putting = threading.Thread(target=side.put_steadily, args=(ended,))
    putting.start()
    time.sleep(seconds)
    ended.set()
    putting.join()
    return side.latencies()


def _paced(stack: StackUnderTest, exits: ExitStack, tell: Tell) -> None:
    _beside(stack, exits, WARM_UP_SECONDS)
    alone = _beside(stack, exits, MESSAGES / 2)
    paced = _Side(stack, exits, RATE)
    began = time.monotonic()
    paced.put(MESSAGES)
    beside = _beside(stack, exits, MESSAGES)
    times = paced.noting.times
    until("all paced messages came", lambda: len(times) == MESSAGES or None)
    alone += _beside(stack, exits, MESSAGES / 2)  # after it too: the machine may be busy for other reasons
    came = sorted(times.values())
    gaps = [after - before for before, after in pairwise(came)]
    tell(f"{MESSAGES} at {RATE}: all within {came[-1] - began:.1f} s of the events; {_gaps(gaps)}")
    tell(f"another channel alone: {_told(alone)}")
    tell(f"another channel beside it: {_told(beside)}; p95 is {_p95(beside) / _p95(alone):.2f} times that")


def _waiting(stack: StackUnderTest, exits: ExitStack, count: int, tell: Tell) -> None:
    paced = _Side(stack, exits, RATE)
    began = time.monotonic()
    paced.put(count)
    until(
        f"{count} are dispatched",
        lambda: stack.records.ended(paced.event_type) >= count or None,
        seconds=count / 5,
    )
    tell(f"{count} events were dispatched within {time.monotonic() - began:.0f} s")
    sent, visible = len(paced.noting.times), []
    ended = time.monotonic() + WATCHED_SECONDS
    beside: list[float] = []
    watching = threading.Thread(target=lambda: beside.extend(_beside(stack, exits, WATCHED_SECONDS - 5)))
    watching.start()
    while time.monotonic() < ended:
        visible.append(_ready(stack))
        time.sleep(1)
    watching.join()
    came = sorted(paced.noting.times.values())
    gaps = [after - before for before, after in pairwise(came)]
    tell(f"while they wait, in {WATCHED_SECONDS:g} s {len(came) - sent} were sent; {_gaps(gaps)}")
    tell(f"messages on the queue that nobody had taken: {max(visible)} at most, {median(visible):g} mostly")
    tell(f"another channel beside them: {_told(beside)}")


def _ready(stack: StackUnderTest) -> int:
    attributes = stack.sqs.get_queue_attributes(
        QueueUrl=stack.delivery_queues[0], AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"])


def _gaps(gaps: Sequence[float]) -> str:
    return f"gaps {min(gaps):.3f} to {max(gaps):.3f} s, median {median(gaps):.3f}"


def _told(seconds: Sequence[float]) -> str:
    return f"{len(seconds)} events, median {median(seconds) * 1000:.0f} ms, p95 {_p95(seconds) * 1000:.0f} ms"


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[-1]


if __name__ == "__main__":
    run(main)
