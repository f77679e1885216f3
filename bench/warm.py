"""What a warm dispatcher needs for one event with a thousand receivers."""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import built_in
from bench.figure import Figure
from bench.process import result_of
from bench.sink import sink
from bench.tables import endpoint
from local.common import ROOT, Tell, plain_env

RULES = 1_000
IN_FLIGHT = 256
"""How many a sender has under way at a time, ``notifications.outbound.sender.MAX_IN_FLIGHT``."""

SLOW_SECONDS = 0.2
IDEAL_SECONDS = math.ceil(RULES / IN_FLIGHT) * SLOW_SECONDS

MIN_RATE = 10_000
MAX_MILLISECONDS = 0.08
MAX_MILLISECONDS_RECORDED = 0.25
MAX_SLOWNESS = 1.1
MAX_MEGABYTES = 150


@dataclass(frozen=True, slots=True)
class Run:
    """One warm event. ``seconds`` of time, ``cpu_seconds`` and ``peak`` bytes of the fan-out's process.

    The peak is never less than that of the process that started it.
    """

    deliveries: int
    seconds: float
    cpu_seconds: float
    peak: int

    @property
    def rate(self) -> float:
        """Deliveries a second."""
        return self.deliveries / self.seconds

    @property
    def milliseconds(self) -> float:
        """CPU time of a delivery."""
        return self.cpu_seconds / self.deliveries * 1_000


def run(rules: int, url: str, aws_url: str | None = None) -> Run:
    """Measure one event in a process of its own; records are written if there is an ``aws_url`` for them.

    Raises:
        Failed: it did not deliver all; the message is the process's own.
    """
    env = plain_env() | ({"AWS_ENDPOINT_URL": aws_url} if aws_url else {})
    records = "on" if aws_url else "off"
    command: list[str | Path] = [
        sys.executable,
        ROOT / "bench" / "fanout.py",
        "--rules",
        str(rules),
        "--sink",
        url,
    ]
    return Run(**result_of([*command, "--records", records, "--peak"], env))


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure so many rounds, in each of them every kind of run once.

    Raises:
        StackError: ministack, which keeps the records, does not start.
        Failed, StackError: not all was delivered.
    """
    off: list[Run] = []
    on: list[Run] = []
    slow: list[Run] = []
    theirs: list[dict[str, float]] = []
    with_theirs = built_in.is_here(tell)
    with endpoint(tell) as aws_url, sink() as quick, sink(SLOW_SECONDS) as late:
        for number in range(1, rounds + 1):
            tell(f"{RULES:,} deliveries of a warm event, round {number} of {rounds}")
            off.append(run(RULES, quick.url))
            on.append(run(RULES, quick.url, aws_url))
            slow.append(run(RULES, late.url))
            if with_theirs:
                theirs.append(built_in.measure(quick.url))
    return [*_figures(off, on, slow), *built_in.figures(theirs)]


def _figures(off: Sequence[Run], on: Sequence[Run], slow: Sequence[Run]) -> list[Figure]:
    return [
        Figure(
            "fan-out, records off: deliveries", "a second", [each.rate for each in off], "at least", MIN_RATE
        ),
        Figure(
            "fan-out, records off: CPU of a delivery",
            "ms",
            [each.milliseconds for each in off],
            bound=MAX_MILLISECONDS,
        ),
        Figure(
            "fan-out, records on: CPU of a delivery",
            "ms",
            [each.milliseconds for each in on],
            bound=MAX_MILLISECONDS_RECORDED,
        ),
        Figure("fan-out, records on: deliveries", "a second", [each.rate for each in on], "at least"),
        Figure(
            f"fan-out, answers after {SLOW_SECONDS * 1_000:g} ms: time over the ideal",
            "times",
            [each.seconds / IDEAL_SECONDS for each in slow],
            bound=MAX_SLOWNESS,
            compared_to=f"{IDEAL_SECONDS:g} s with {IN_FLIGHT} in flight",
        ),
        Figure(
            f"fan-out, {IN_FLIGHT} in flight: peak memory",
            "MB",
            [each.peak / 1_000_000 for each in slow],
            bound=MAX_MEGABYTES,
        ),
    ]
