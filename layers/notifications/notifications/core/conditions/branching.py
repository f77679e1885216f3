"""A condition as branches: one for each way to choose one option of every ``$or``."""

from collections.abc import Iterator
from itertools import product

from notifications.core.conditions.model import Condition, Leaf


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield all leaves, including those of options."""
    for part in condition.parts:
        if isinstance(part, Leaf):
            yield part
        else:
            for option in part.options:
                yield from leaves(option)


def count(condition: Condition) -> int:
    """Return the number of branches, without making them."""
    total = 1
    for part in condition.parts:
        if not isinstance(part, Leaf):
            total *= sum(count(option) for option in part.options)
    return total


def branches(condition: Condition) -> Iterator[list[Leaf]]:
    """Yield the leaves of each branch, in the order of the condition."""
    choices: list[list[list[Leaf]]] = []
    for part in condition.parts:
        if isinstance(part, Leaf):
            choices.append([[part]])
        else:
            choices.append([branch for option in part.options for branch in branches(option)])
    for chosen in product(*choices):
        yield [leaf for leaves in chosen for leaf in leaves]
