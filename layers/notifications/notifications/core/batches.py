"""Many things, a batch at a time: AWS takes only so many, and so much, at once."""

from collections.abc import Callable, Iterable, Iterator
from math import inf
from typing import TypeVar

T = TypeVar("T")


def batches(
    things: Iterable[T],
    most: float = inf,
    *,
    heaviest: float = inf,
    weigh: Callable[[T], int] = lambda _: 0,
) -> Iterator[list[T]]:
    """Part things, in their order, into batches of ``most`` of them, no more than ``heaviest`` together.

    ``weigh``: how heavy one is. What is too heavy by itself is a batch by itself.
    """
    batch: list[T] = []
    weight = 0
    for thing in things:
        more = weigh(thing)
        if batch and (len(batch) >= most or weight + more > heaviest):
            yield batch
            batch, weight = [], 0
        batch.append(thing)
        weight += more
    if batch:
        yield batch
