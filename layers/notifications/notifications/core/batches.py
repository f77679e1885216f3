"""Split many things into batches, because AWS limits the count and the size of each call."""

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
    """Split things, in order, into batches of at most ``most``, which weigh at most ``heaviest`` together.

    ``weigh``: returns the weight of one. A thing that is too heavy is a batch of its own.
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
