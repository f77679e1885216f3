"""How one kind of thing is shown: as a block of lines, as a row of a table, and which fields it has."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

Item = Mapping[str, Any]
Form = Literal["text", "id", "time", "state", "number"]
"""How a table shows a value: an id is cut to what tells it apart, a time is told as its distance."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``source``: a field's path, as in ``channel.name``, or what makes the value."""

    title: str
    source: str | Callable[[Item], Any]
    form: Form = "text"

    def value(self, item: Item) -> Any:
        """Return what an item has in this column, as it is for programs."""
        return field_of(item, self.source) if isinstance(self.source, str) else self.source(item)


def _no_lines(_item: Item) -> Iterable[tuple[str, Any]]:
    return ()


def _as_it_is(item: Item) -> Item:
    return item


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that commands show.

    ``labels``: the lines of a block, each with its field. ``more``: the lines that only some items have.
    ``nothing``: what a list without items says. ``fields``: those of the API's document; none if they differ
    from item to item. ``id``: the path of what names an item to other commands. ``block``: makes the item
    that the block shows. ``whole``: whether ``--json`` without fields prints everything.
    """

    labels: Mapping[str, str]
    nothing: str = "Nothing found"
    columns: Sequence[Column] = ()
    fields: Sequence[str] = ()
    id: str = "id"
    more: Callable[[Item], Iterable[tuple[str, Any]]] = _no_lines
    block: Callable[[Item], Item] = _as_it_is
    whole: bool = False

    def lines(self, item: Item) -> Iterable[tuple[str, Any]]:
        """Return the labels and values of an item's block."""
        shown = self.block(item)
        yield from ((label, shown.get(key)) for label, key in self.labels.items())
        yield from self.more(item)

    def row(self) -> Sequence[Column]:
        """Return the columns; without any of its own, a kind has those of its block."""
        return self.columns or [
            Column(label, partial(self._labelled, key), "id" if key == "id" else "text")
            for label, key in self.labels.items()
        ]

    def _labelled(self, key: str, item: Item) -> Any:
        return self.block(item).get(key)


UNKNOWN = Kind(labels={})
"""The kind of things for which no kind was declared."""


def field_of(item: Any, path: str) -> Any:
    """Return the value at a path like ``channel.name``; None if it leads nowhere."""
    if isinstance(item, Mapping) and path in item:
        return item[path]
    for key in path.split("."):
        if not isinstance(item, Mapping):
            return None
        item = item.get(key)
    return item


def shows(kind: Kind) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a decorator that says of which kind the things are that a command shows."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        vars(function)["shown_kind"] = kind
        return function

    return decorate


def shown_kind(function: object) -> Kind:
    """Return the kind that ``shows`` named."""
    kind = getattr(function, "shown_kind", UNKNOWN)
    return kind if isinstance(kind, Kind) else UNKNOWN
