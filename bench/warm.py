"""What a warm dispatcher needs for one event with a thousand receivers."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import built_in
from bench.figure import Figure, ratios
from bench.memory import function_megabytes
from bench.process import Failed, result_of
from bench.sink import sink
from bench.tables import endpoint
from local.common import ROOT, Tell, plain_env

RULES = 1_000
SLOW_SECONDS = 0.2

MAX_CPU, MAX_CPU_RECORDED = 2.5, 4.0
"""Beside a bare libcurl loop that signs and posts the same."""

MIN_CENTERS = 8.0
"""So many times our CPU Backend.AI's own takes at least."""

MAX_SLOWNESS = 1.1
"""The time of a bare loop with as many in flight is the ideal."""

MAX_SHARE = 0.15
"""Of the function's memory."""

BARE = "a bare libcurl loop that signs"


@dataclass(frozen=True, slots=True)
class Run:
    """One warm event. ``seconds`` of time, ``cpu_seconds`` and ``peak`` bytes of its process.

    The bare loop's peak is not measured: it is 0.
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
    program: list[str | Path] = [sys.executable, ROOT / "bench" / "fanout.py"]
    options = ["--rules", str(rules), "--sink", url, "--records", records, "--peak"]
    return Run(**result_of([*program, *options], env))


def run_bare(rules: int, url: str) -> Run:
    """Measure a bare loop that posts as many, in a process of its own.

    Raises:
        Failed: it did not deliver all.
    """
    command = [sys.executable, "-m", "bench.bare.loop", "--rules", str(rules), "--sink", url]
    ran = Run(**result_of(command, plain_env(), ROOT), peak=0)
    if ran.deliveries != rules:
        raise Failed(f"The bare loop delivered {ran.deliveries} of {rules}")
    return ran


@dataclass(frozen=True, slots=True)
class _Rounds:
    """What each round gave of each kind of run. ``center``: nothing if Backend.AI's own is not here."""

    bare: list[Run] = field(default_factory=list)
    off: list[Run] = field(default_factory=list)
    on: list[Run] = field(default_factory=list)
    bare_slow: list[Run] = field(default_factory=list)
    slow: list[Run] = field(default_factory=list)
    center: list[dict[str, float]] = field(default_factory=list)


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure so many rounds, in each of them every kind of run once.

    Raises:
        StackError: ministack, which keeps the records, does not start.
        Failed, StackError: not all was delivered.
    """
    ran = _Rounds()
    with_center = built_in.is_here(tell)
    with endpoint(tell) as aws_url, sink() as quick, sink(SLOW_SECONDS) as late:
        for number in range(1, rounds + 1):
            tell(f"{RULES:,} deliveries of a warm event, round {number} of {rounds}")
            ran.bare.append(run_bare(RULES, quick.url))
            ran.off.append(run(RULES, quick.url))
            ran.on.append(run(RULES, quick.url, aws_url))
            ran.bare_slow.append(run_bare(RULES, late.url))
            ran.slow.append(run(RULES, late.url))
            if with_center:
                ran.center.append(built_in.measure(quick.url))
    return [*_bounded(ran), *_shown(ran)]


def _bounded(ran: _Rounds) -> list[Figure]:
    bare, off, on = ([each.milliseconds for each in runs] for runs in (ran.bare, ran.off, ran.on))
    center = [built_in.milliseconds(each) for each in ran.center]
    slow = ratios([each.seconds for each in ran.slow], [each.seconds for each in ran.bare_slow])
    has = function_megabytes() * 1.048576
    peaks = [each.peak / 1_000_000 / has for each in ran.slow]
    late = f"fan-out, responses after {SLOW_SECONDS * 1_000:g} ms"
    return [
        Figure("fan-out, records off: CPU", "times", ratios(off, bare), bound=MAX_CPU, compared_to=BARE),
        Figure(
            "fan-out, records on: CPU", "times", ratios(on, bare), bound=MAX_CPU_RECORDED, compared_to=BARE
        ),
        *(_beside_center(center, off, on) if center else []),
        Figure(f"{late}: time", "times", slow, bound=MAX_SLOWNESS, compared_to=BARE),
        Figure(
            f"{late}: peak memory", "of the function's", peaks, bound=MAX_SHARE, compared_to=f"{has:,.0f} MB"
        ),
    ]


def _beside_center(center: Sequence[float], off: Sequence[float], on: Sequence[float]) -> list[Figure]:
    return [
        Figure("Backend.AI's own: CPU beside ours, records off", "times", ratios(center, off), "at least",
               MIN_CENTERS, "our fan-out"),
        Figure("Backend.AI's own: CPU beside ours, records on", "times", ratios(center, on), "at least",
               compared_to="our fan-out"),
    ]  # fmt: skip


def _shown(ran: _Rounds) -> list[Figure]:
    """Make the figures that are only shown, since they depend on the machine."""
    kinds = {"bare libcurl loop": ran.bare, "fan-out, records off": ran.off, "fan-out, records on": ran.on}
    return [
        *(Figure(f"{name}: CPU of a delivery", "ms", [each.milliseconds for each in runs])
          for name, runs in kinds.items()),
        *(Figure(f"{name}: deliveries", "a second", [each.rate for each in runs], "at least")
          for name, runs in kinds.items()),
        *built_in.figures(ran.center),
    ]  # fmt: skip
