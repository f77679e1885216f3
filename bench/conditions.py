"""What a batch costs whose type has many rules with conditions: it must not try each of them."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bench.fanning import channel, dispatch_batch, event, no_stores, rule
from bench.figure import Figure, ratios
from bench.quiet import quiet
from bench.sink import sink
from bench.stand_ins import dispatcher
from dispatcher.dispatch import Dispatcher
from local.common import Tell
from notifications.core.conditions import from_clauses, to_json

FEW, MANY = 100, 10_000
MATCHING = 16
BATCH = 10
BATCHES = 20
"""Of each kind in a round."""

MAX_GROWTH = 1.5


class Wrong(Exception):
    """A batch that was not delivered where it must be."""


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure so many rounds; in each, batches take turns between few rules and many.

    Raises:
        Wrong: an event went where it must not, or not where it must.
    """
    few: list[float] = []
    many: list[float] = []
    with sink() as receiver:
        both = [_opened(count, receiver.url) for count in (FEW, MANY)]
        for number in range(1, rounds + 1):
            tell(f"Batches with conditions, round {number} of {rounds}")
            with quiet():
                spent = _turns(both)
            few.append(spent[0])
            many.append(spent[1])
    beside = f"{1000 * min(few):.2g} ms with {FEW} rules"
    name = f"{MATCHING} of {MANY:,} conditions are met: CPU of a batch of {BATCH}"
    return [Figure(name, "times", ratios(many, few), bound=MAX_GROWTH, compared_to=beside)]


def _opened(count: int, url: str) -> Dispatcher:
    """Make a dispatcher with so many rules in memory, of which an event meets ``MATCHING``."""
    channels = [channel(number, url) for number in range(MATCHING)]
    rules = [
        replace(rule(number, channels[number % MATCHING]), condition=condition)
        for number, condition in enumerate(_conditions(count))
    ]
    return dispatcher(rules, channels, *no_stores())


def _batch(opened: Dispatcher) -> None:
    reports = dispatch_batch(opened, [event() for _ in range(BATCH)])
    delivered = sum(each.status == "delivered" for report in reports for each in report.deliveries)
    if delivered != BATCH * MATCHING:
        raise Wrong(f"{delivered} deliveries were made, not {BATCH * MATCHING}")


def _turns(both: Sequence[Dispatcher]) -> list[float]:
    """Return the CPU seconds of a batch of each, the least of some: what else the machine does adds to it."""
    spent: list[list[float]] = [[] for _ in both]
    for number in range(BATCHES + 1):
        for opened, seconds in zip(both, spent, strict=True):
            began = time.process_time()
            _batch(opened)
            if number:  # the first one warms up, and makes the index
                seconds.append(time.process_time() - began)
    return [min(seconds) for seconds in spent]


def _conditions(count: int) -> list[dict[str, Any]]:
    """Make conditions of which the first ``MATCHING`` are met: values, prefixes, and two fields at once."""
    ours = ["session_name=training"], ["session_name=train*"], ["session_name=training", "status=RUNNING"]
    made = [ours[number % len(ours)] for number in range(MATCHING)]
    for number in range(count - MATCHING):
        name = f"user-{number}"
        others = (
            [f"session_name={name}"],
            [f"session_name={name}-*"],
            [f"session_name={name}", "status=RUNNING"],
        )
        made.append(others[number % len(others)])
    return [to_json(from_clauses(clauses)) for clauses in made]
