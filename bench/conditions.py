"""What a batch costs whose type has many rules with conditions: it must not try each of them.

The dispatcher asks no conditions yet, so the index is asked beside it: once for each event, as it will be.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.fanning import dispatch_batch, event, in_memory
from bench.figure import Figure, ratios
from bench.quiet import quiet
from bench.sink import sink
from dispatcher.dispatch import Dispatcher
from local.common import Tell
from notifications.core.conditions import Condition, Index, from_clauses

FEW, MANY = 100, 10_000
MATCHING = 16
BATCH = 10
BATCHES = 20
"""Of each kind in a round."""

MAX_GROWTH = 1.5


class Wrong(Exception):
    """A batch that met another number of conditions."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """The conditions of so many rules of one type, and a dispatcher with those that the events meet."""

    index: Index
    dispatcher: Dispatcher

    def batch(self) -> None:
        """Find what a batch of events meets, and send it."""
        documents = [event() for _ in range(BATCH)]
        met = sum(len(self.index.matching(document["detail"])) for document in documents)
        reports = dispatch_batch(self.dispatcher, documents)
        delivered = sum(each.status == "delivered" for report in reports for each in report.deliveries)
        if (met, delivered) != (BATCH * MATCHING, BATCH * MATCHING):
            raise Wrong(f"{met} conditions were met, and {delivered} deliveries made")


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure so many rounds; in each, batches take turns between few rules and many.

    Raises:
        Wrong: an event met what it must not, or was not delivered.
    """
    few: list[float] = []
    many: list[float] = []
    with sink() as receiver, in_memory(MATCHING, receiver.url, records=False) as dispatcher:
        both = [_Rules(Index(_conditions(count)), dispatcher) for count in (FEW, MANY)]
        for number in range(1, rounds + 1):
            tell(f"Batches with conditions, round {number} of {rounds}")
            with quiet():
                spent = _turns(both)
            few.append(spent[0])
            many.append(spent[1])
    beside = f"{1000 * min(few):.2g} ms with {FEW} rules"
    name = f"{MATCHING} of {MANY:,} conditions are met: CPU of a batch of {BATCH}"
    return [Figure(name, "times", ratios(many, few), bound=MAX_GROWTH, compared_to=beside)]


def _turns(both: Sequence[_Rules]) -> list[float]:
    """Return the CPU seconds of a batch of each, the least of some: what else the machine does adds to it."""
    spent: list[list[float]] = [[] for _ in both]
    for number in range(BATCHES + 1):
        for rules, seconds in zip(both, spent, strict=True):
            began = time.process_time()
            rules.batch()
            if number:  # the first one warms up
                seconds.append(time.process_time() - began)
    return [min(seconds) for seconds in spent]


def _conditions(count: int) -> list[Condition | None]:
    """Make conditions of which the first ``MATCHING`` are met: values, prefixes, and two fields at once."""
    ours = ["session_name=training"], ["session_name=train*"], ["session_name=training", "status=RUNNING"]
    made: list[Condition | None] = [from_clauses(ours[number % len(ours)]) for number in range(MATCHING)]
    for number in range(count - MATCHING):
        name = f"user-{number}"
        others = (
            [f"session_name={name}"],
            [f"session_name={name}-*"],
            [f"session_name={name}", "status=RUNNING"],
        )
        made.append(from_clauses(others[number % len(others)]))
    return made
