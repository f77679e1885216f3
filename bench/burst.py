"""5,000 events at once: how long each takes from the bus to its receiver, beside bare Lambdas."""

import argparse
import json
import os
import pathlib
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.burst_paths import Bare, Ours, Path
from bench.figure import Figure, Kind, ratios, table
from local import command
from local.common import StackError, Tell, step
from local.stack import temporary
from tests.stack.helper_process import HelperProcess
from tests.stack.processes import workers
from tests.stack.under_test import BATCH_SIZE, StackUnderTest

EVENTS = 5_000
ROUNDS = 3
PUTTERS = 8
"""So many threads put events."""

MIN_RATE, MAX_P95 = 0.5, 3.0
"""Beside a bare Lambda that writes the least that a record needs."""

MAX_CPU = 3.0
"""Beside a bare Lambda that writes nothing."""

GIVE_UP_SECONDS = 120.0
POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Burst:
    """What one burst came to. Times are in seconds.

    ``latencies``: of each event, from put to received. ``put_seconds``, ``seconds``: until all were put, and
    until all came. ``stack_cpu``: of the functions and of what stands for AWS.
    """

    events: int
    latencies: Sequence[float]
    put_seconds: float
    seconds: float
    functions_cpu: float
    stack_cpu: float
    lost: int
    duplicates: int

    def percentile(self, percent: int) -> float:
        """Return the time from put to received that so many percent of the events did not exceed."""
        return statistics.quantiles(self.latencies, n=100, method="inclusive")[percent - 1]

    @property
    def rate(self) -> float:
        """Return the deliveries a second until the last was received."""
        return self.events / self.seconds

    @property
    def told(self) -> str:
        """Lay it out in a line."""
        return (
            f"p50 {self.percentile(50):.1f} s, p95 {self.percentile(95):.1f} s, "
            f"{self.rate:.0f} deliveries a second, {self.lost} lost"
        )


class Bursts:
    """Bursts through paths on one stack. The receiver is one, so they go one after the other."""

    def __init__(self, under_test: StackUnderTest, receiver: HelperProcess) -> None:
        self._stack = under_test
        self._receiver = receiver

    def burst(self, path: Path, events: int) -> Burst:
        """Put events at once, and wait for what becomes of them."""
        receiver = self._receiver
        receiver.ask("forget")
        functions, stack = self._cpu(path)
        began = time.monotonic()
        put_at = self._put(path, events)
        put_seconds = time.monotonic() - began
        _until(lambda: int(receiver.ask("count")) >= events)
        _until(lambda: self._waiting(path) == 0)
        functions_after, stack_after = self._cpu(path)
        received: dict[str, tuple[float, int]] = receiver.ask("receptions")
        came = {
            event_id: received[webhook_id]
            for event_id in put_at
            if (webhook_id := path.webhook_id(event_id)) in received
        }
        if not came:
            raise StackError(f"No event came to the receiver by the path of {path.name}")
        return Burst(
            events,
            [at - put_at[event_id] for event_id, (at, _) in came.items()],
            put_seconds,
            max((at for at, _ in came.values())) - began,
            functions_after - functions,
            stack_after - stack,
            lost=events - min(len(came), path.recorded(put_at)),
            duplicates=sum(times - 1 for _, times in came.values()),
        )

    def _put(self, path: Path, events: int) -> dict[str, float]:
        """Put events; return when each was, by its id."""

        def put(start: int) -> dict[str, float]:
            entries = [
                {
                    "EventBusName": path.bus,
                    "Source": "backend.ai.bench",
                    "DetailType": path.detail_type,
                    "Detail": json.dumps({"n": number}),
                }
                for number in range(start, min(start + BATCH_SIZE, events))
            ]
            at = time.monotonic()
            answer = self._stack.bus.put_events(Entries=entries)
            if answer["FailedEntryCount"]:
                raise StackError(f"The bus refused events: {answer}")
            return {str(entry["EventId"]): at for entry in answer["Entries"]}

        with ThreadPoolExecutor(PUTTERS) as pool:
            parts = pool.map(put, range(0, events, BATCH_SIZE))
            return {event_id: at for part in parts for event_id, at in part.items()}

    def _waiting(self, path: Path) -> int:
        """Count the messages of the queue, also those that a function has."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self._stack.sqs.get_queue_attributes(QueueUrl=path.queue, AttributeNames=names)
        return sum(int(value) for value in answer["Attributes"].values())

    def _cpu(self, path: Path) -> tuple[float, float]:
        """Return the seconds of CPU of a path's functions, and of the whole stack."""
        ministack = self._stack.ministack
        functions = sum(map(_cpu_seconds, workers(ministack, path.function)))
        return functions, sum(map(_cpu_seconds, workers(ministack))) + _cpu_seconds(ministack)


def _cpu_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _until(condition: Callable[[], bool]) -> None:
    """Wait until something is so; give up after a long time, for the figures to show it."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def figures(rounds: int, tell: Tell, events: int = EVENTS) -> list[Figure]:
    """Measure on a stack of its own, the paths by turns, after a burst each that does not count.

    Raises:
        StackError: the stack cannot be had, or its bus refuses events.
    """
    with temporary(tell) as stack, HelperProcess("bench.burst_receiver") as receiver:
        under_test = StackUnderTest(stack)
        with step(tell, "Deploying two bare Lambdas"):
            bare = Bare.deploy(stack, receiver, records=False)
            recording = Bare.deploy(stack, receiver, records=True)
        paths = Ours(under_test, receiver), bare, recording
        return _measure(Bursts(under_test, receiver), paths, rounds, events, tell)


def _measure(
    bursts: Bursts, paths: tuple[Ours, Bare, Bare], rounds: int, events: int, tell: Tell
) -> list[Figure]:
    measured: dict[str, list[Burst]] = {path.name: [] for path in paths}
    for number in range(rounds + 1):
        for path in paths:
            burst = bursts.burst(path, events)
            tell(f"{f'Round {number}' if number else 'Warm-up'}, {path.name}: {burst.told}")
            if number:
                measured[path.name].append(burst)
    ours, bare, recording = measured.values()
    return [*_ratios(events, ours, bare, recording), *_seconds(events, measured)]


def _ratios(
    events: int, ours: Sequence[Burst], bare: Sequence[Burst], recording: Sequence[Burst]
) -> list[Figure]:
    """Make the figures that have bounds. CPU is beside what writes nothing, so that records count as ours."""
    name = f"{events:,} events at once"
    posting, least = "a bare Lambda that only posts", "a bare Lambda with the least records"

    def beside(compared: Sequence[Burst], of: Callable[[Burst], float]) -> list[float]:
        return ratios([*map(of, ours)], [*map(of, compared)])

    rates = beside(recording, lambda one: one.rate)
    p95 = beside(recording, lambda one: one.percentile(95))
    cpu = beside(bare, lambda one: one.functions_cpu)
    return [
        Figure(f"{name}: delivered a second", "times", rates, "at least", MIN_RATE, least),
        Figure(f"{name}: p95 from put to received", "times", p95, bound=MAX_P95, compared_to=least),
        Figure(f"{name}: CPU of the functions", "times", cpu, bound=MAX_CPU, compared_to=posting),
        Figure(f"{name}: lost", "events", [one.lost for one in ours], bound=0),
        Figure(f"{name}: sent twice", "events", [one.duplicates for one in ours]),
    ]


def _seconds(events: int, measured: Mapping[str, Sequence[Burst]]) -> list[Figure]:
    """Make the figures that are only shown, since they depend on the machine."""

    def each(what: str, unit: str, of: Callable[[Burst], float], better: Kind = "at most") -> list[Figure]:
        return [
            Figure(f"{what}: {name}", unit, [*map(of, bursts)], better) for name, bursts in measured.items()
        ]

    return [
        *each("p50 from put to received", "s", lambda one: one.percentile(50)),
        *each("p95 from put to received", "s", lambda one: one.percentile(95)),
        *each("p99 from put to received", "s", lambda one: one.percentile(99)),
        *each("all were put after", "s", lambda one: one.put_seconds),
        *each("delivered", "a second", lambda one: one.rate, "at least"),
        *each("CPU of the functions", "ms a delivery", lambda one: 1000 * one.functions_cpu / events),
        *each("CPU of the local stack", "ms a delivery", lambda one: 1000 * one.stack_cpu / events),
    ]


def main() -> int:
    """Measure and show; return 0 only if nothing was lost."""
    parser = argparse.ArgumentParser(prog="burst")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--events", type=int, default=EVENTS)
    arguments = parser.parse_args()
    try:
        measured = figures(arguments.rounds, command.tell, arguments.events)
    except StackError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    print(f"\n{table(measured)}\n")
    return 0 if all(figure.holds for figure in measured) else 1


if __name__ == "__main__":
    command.run(main)
