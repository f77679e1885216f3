"""What a delivery costs when a process has many templates: it must not compile them again."""

from bench.figure import Figure, ratios
from bench.sink import sink
from bench.warm import run
from local.common import Tell

FEW, MANY = 512, 4_096
ROUNDS = 3
"""Each compiles thousands of templates before anything is measured."""

MAX_GROWTH = 1.5
"""What is compiled again costs ten times as much. Caches of the processor are the rest."""


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure a few rounds, with few templates and with many in turn.

    Raises:
        Failed: not all was delivered.
    """
    few, many = [], []
    with sink() as receiver:
        for number in range(1, min(rounds, ROUNDS) + 1):
            tell(f"{FEW:,} and {MANY:,} templates, round {number}")
            few.append(run(FEW, receiver.url).milliseconds)
            many.append(run(MANY, receiver.url).milliseconds)
    return [
        Figure(
            f"{MANY:,} templates in a process: CPU of a delivery",
            "times",
            ratios(many, few),
            bound=MAX_GROWTH,
            compared_to=f"{FEW} templates",
        )
    ]
