"""Where a template's values come from: paths in its context, and lists that filters make of them."""

from typing import NamedTuple

from notifications.core.values import value


class Step(NamedTuple):
    """A step into a value: by a name, or to any item of a list if that is None."""

    name: str | None
    in_brackets: bool = False


ITEM = Step(None)

Path = tuple[Step, ...]
"""The steps from the template's context to a value."""


@value
class Items:
    """A list that a filter makes, of items that all come from the same place."""

    item: "Origin"


@value
class Group:
    """What ``groupby`` makes for each value that it finds: the value, and the list of those that have it."""

    grouper: "Origin"
    list: "Origin"


Origin = Path | Items | Group | None
"""None: unknown."""


def item_of(origin: Origin) -> Origin:
    """Return where any item of a list comes from."""
    match origin:
        case tuple():
            return (*origin, ITEM)
        case Items():
            return origin.item
        case _:
            return None


def part_of(origin: Origin, place: int) -> Origin:
    """Return where the item at a place comes from, also of a pair that a loop takes apart."""
    if isinstance(origin, Group):
        return {0: origin.grouper, 1: origin.list}.get(place)
    return item_of(origin)


def inside(origin: Origin, step: Step) -> Origin:
    """Return where what is at a step inside of a value comes from."""
    if step == ITEM:
        return item_of(origin)
    if isinstance(origin, Group):
        return {"grouper": origin.grouper, "list": origin.list}.get(step.name or "")
    return (*origin, step) if isinstance(origin, tuple) else None


def sifted(origin: Origin) -> Origin:
    """Return where a list of some of the items comes from, in any order."""
    return Items(item_of(origin))
