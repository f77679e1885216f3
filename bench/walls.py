"""How many events a second go through against DynamoDB's own bounds, which the faults' proxy keeps here.

``python -m bench.walls``: a little less than the bound is put for a while, then half as much again as the
bound; what comes to its end is counted. This machine does less than the bounds, so they are divided by a
scale, by which the result is multiplied.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from local.command import run, tell
from local.stack import Stack, temporary
from tests.proxy.proxy import Proxy
from tests.stack.receivers import Receivers
from tests.stack.under_test import StackUnderTest

SCALE = 100.0
LOADS = (0.9, 1.5)
"""What is put, as a part of the bound."""

SETTLING_SECONDS = 15.0
SECONDS = 40.0
TEXT = "s" * 600
TEMPLATE = f'{{"n": {{{{ n }}}}, "text": "{"t" * 1000}"}}'
"""They make an event and a message of some 1 KB each, as docs/cost.md counts them."""

CHUNK_SECONDS = 1.0
"""So often events are put."""


@dataclass(frozen=True, slots=True)
class Wall:
    """What bounds, and how many events a second it takes as worked out in docs/limits.md.

    ``total``: whole tables and indexes are bounded too, as those of a new stack are, and not only keys.
    """

    name: str
    rules: int
    total: bool
    worked_out: float


WALLS = (
    Wall("partitions of by-time, 1 rule", 1, total=False, worked_out=2_000),
    Wall("partitions of by-time, 10 rules", 10, total=False, worked_out=400),
    Wall("a new table, 1 rule", 1, total=True, worked_out=666),
    Wall("a new table, 10 rules", 10, total=True, worked_out=166),
)


def main() -> int:
    """Measure each; print what came out."""
    with temporary(tell) as stack:
        rows = [(wall, [_measured(stack, wall, load) for load in LOADS]) for wall in WALLS]
    heads = "".join(f"  {f'put {load:g} x':>10}" for load in LOADS)
    print(f"\n{'events a second':<34}  {'worked out':>10}{heads}")
    for wall, measured in rows:
        told = "".join(f"  {each:>10,.0f}" for each in measured)
        print(f"{wall.name:<34}  {wall.worked_out:>10,.0f}{told}")
    return 0


def _measured(stack: Stack, wall: Wall, load: float) -> float:
    """Put so much of what a wall takes; return the events a second that came to their end, scaled up."""
    tell(f"{wall.name}, {load:g} of it put ...")
    with ExitStack() as exits:
        under_test = StackUnderTest(stack)
        receivers = exits.enter_context(Receivers(under_test.ministack))
        proxy = exits.enter_context(Proxy(under_test.ministack, stack.port))
        event_type = under_test.event_type("walls", {"n": {"type": "integer"}, "x": {}}, ["n"])
        for number in range(wall.rules):
            channel_id = under_test.webhook(f"{receivers.url}/accept/{event_type}.{number}")
            under_test.rule(event_type, channel_id, TEMPLATE)
        exits.callback(under_test.set_endpoint, None)
        under_test.set_endpoint(proxy.url)
        proxy.throttle(scale=SCALE, total=wall.total)
        rate = load * wall.worked_out / SCALE
        _put(under_test, event_type, rate, SETTLING_SECONDS)
        before, started = under_test.records.ended(event_type), time.monotonic()
        _put(under_test, event_type, rate, SECONDS)
        came, seconds = under_test.records.ended(event_type) - before, time.monotonic() - started
        tell(f"{came} events in {seconds:.0f} s; refused: {dict(proxy.throttled())}")
        proxy.throttle()
        under_test.purge()  # what is left over is nothing for the next wall
    return came / seconds * SCALE


def _put(under_test: StackUnderTest, event_type: str, rate: float, seconds: float) -> None:
    """Put events at a rate, evenly, for so long."""
    started, put = time.monotonic(), 0
    while (elapsed := time.monotonic() - started) < seconds:
        due = round((elapsed + CHUNK_SECONDS) * rate) - put
        events: Sequence[dict[str, object]] = [{"n": number, "x": TEXT} for number in range(max(0, due))]
        under_test.put(event_type, events)
        put += len(events)
        time.sleep(max(0.0, started + (put / rate) - time.monotonic()))


if __name__ == "__main__":
    run(main)
