"""What filters of lists read inside of the items, and where the items of their results come from."""

from collections.abc import Mapping, Sequence

from jinja2 import nodes

from notifications.core.templating.origins import ITEM, Group, Items, Origin, Step, item_of, sifted

_SIFTING = frozenset(("list", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique"))
_PICKING = frozenset(("first", "last", "max", "min"))
_PORTIONS = frozenset(("batch", "slice"))

MAX_STEPS = 16
"""How many names an attribute may have to be followed, because longer ones could fill the memory."""

_ATTRIBUTE: Mapping[str, int | None] = {
    "groupby": 0,
    "join": 1,
    "map": None,
    "max": 1,
    "min": 1,
    "rejectattr": 0,
    "selectattr": 0,
    "sort": 2,
    "sum": 0,
    "unique": 1,
}
"""The position of a filter's argument that is an attribute; None if it can only be given by name."""


def attributes(node: nodes.Filter) -> list[list[Step]]:
    """Return the attributes that a filter names by constants, as steps into each item."""
    if node.name not in _ATTRIBUTE:
        return []
    place = _ATTRIBUTE[node.name]
    given = [each.value for each in node.kwargs if each.key == "attribute"]
    given += [] if place is None else node.args[place : place + 1]
    names = next((each.value for each in given if isinstance(each, nodes.Const)), None)
    if not isinstance(names, str) or names.count(".") + names.count(",") >= MAX_STEPS:
        return []
    several = names.split(",") if node.name == "sort" else [names]
    return [[*map(_step, name.split("."))] for name in several]


def result(node: nodes.Filter, origin: Origin, read: Sequence[Origin]) -> Origin:
    """Return the origin of a filter's result.

    ``origin``: that of its input. ``read``: those of attributes.
    """
    match node.name:
        case name if name in _SIFTING:
            return sifted(origin)
        case name if name in _PICKING:
            return item_of(origin)
        case name if name in _PORTIONS and len(node.args) == 1 and not node.kwargs:
            return Items(sifted(origin))
        case "groupby" if len(read) == 1:
            return Items(Group(read[0] if _is_alone(node) else None, sifted(origin)))
        case "map" if len(read) == 1 and _is_alone(node):
            return Items(read[0])
        case _:
            return None


def _is_alone(node: nodes.Filter) -> bool:
    """Return whether a filter has no default for items that lack the attribute."""
    return len(node.args) + len(node.kwargs) == 1


def _step(name: str) -> Step:
    return ITEM if name.isdigit() else Step(name, in_brackets=True)
