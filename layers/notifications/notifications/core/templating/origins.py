"""The origins of a template's values: paths in its context, and lists that filters make from these."""

from typing import NamedTuple

from notifications.core.values import value


class Step(NamedTuple):
    """A step into a value: to the member ``name``, or to any item of a list if that is None."""

    name: str | None
    in_brackets: bool = False


ITEM = Step(None)

Path = tuple[Step, ...]
"""The steps from the template's context to a value."""


@value
class Items:
    """A list that a filter makes of items that have the same origin."""

    item: "Origin"


@value
class Group:
    """An item of ``groupby``: a value, and the list of objects that have it."""

    grouper: "Origin"
    list: "Origin"


Origin = Path | Items | Group | None
"""The origin of a value; None if it is unknown."""


def item_of(origin: Origin) -> Origin:
    """Return the origin of the items of a list."""
    match origin:
        case tuple():
            return (*origin, ITEM)
        case Items():
            return origin.item
        case _:
            return None


def part_of(origin: Origin, place: int) -> Origin:
    """Return the origin of the item at a position, also in a pair that a loop unpacks."""
    if isinstance(origin, Group):
        return {0: origin.grouper, 1: origin.list}.get(place)
    return item_of(origin)


def inside(origin: Origin, step: Step) -> Origin:
    """Return the origin of the value one step inside another."""
    if step == ITEM:
        return item_of(origin)
    if isinstance(origin, Group):
        return {"grouper": origin.grouper, "list": origin.list}.get(step.name or "")
    return (*origin, step) if isinstance(origin, tuple) else None


def sifted(origin: Origin) -> Origin:
    """Return the origin of a list of some of the items, in any order."""
    return Items(item_of(origin))
