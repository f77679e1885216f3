"""Bring the texts of a body within a service's limits: each within its own, and all within their sum."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from notifications.core.errors import UnusableBody
from notifications.core.presets.cutting import NOTHING_SPECIAL, Measure, cut
from notifications.core.values import mutable

MAX_DEPTH = 32
"""How deep a body is searched for texts."""

Trimmed = Callable[[str], Any]
"""Makes, from the mark, the item that replaces those that were dropped from a list."""


@mutable
class Place:
    """A text in a body: ``holder[key]``.

    ``path``: where it is, for the author of the body. ``most``: its own limit; None if it has none. ``atom``:
    matches what must not be cut apart.
    """

    holder: Any
    key: str | int
    path: str
    most: int | None = None
    atom: re.Pattern[str] = NOTHING_SPECIAL

    @property
    def text(self) -> str:
        """Return the text as it is now."""
        text: str = self.holder[self.key]
        return text


class Fitting:
    """Cuts the texts of one body, and notes what was cut.

    ``measure``, ``unit``: how the service counts. ``mark``: the end of a cut text, as markup of the service.
    """

    def __init__(self, label: str, measure: Measure, unit: str, mark: str) -> None:
        self._label = label
        self._measure = measure
        self._unit = unit
        self._mark = mark
        self.cuts: list[str] = []

    def each(self, places: Iterable[Place]) -> None:
        """Cut each text to its own limit."""
        for place in places:
            if place.most is not None and (has := self._measure(place.text)) > place.most:
                self.note(f"{place.path} has {has} {self._unit}", place.most)
                self._cut(place, place.most)

    def all(self, places: Sequence[Place], most: int, what: str) -> None:
        """Cut the largest texts until all together have at most ``most``.

        Raises:
            UnusableBody: they cannot be cut so far.
        """
        sizes = [self._measure(place.text) for place in places]
        if sum(sizes) <= most:
            return
        self.note(f"{what} has {sum(sizes)} {self._unit} together", most)
        level = _level(sizes, most)
        for place, size in zip(places, sizes, strict=True):
            if size > level:
                self._cut(place, level)
        if sum(self._measure(place.text) for place in places) > most:
            raise UnusableBody(f"{what} is too much for {self._label} even without its texts")

    def listed(self, items: Any, most: int, path: str, stand_in: Trimmed | None = None) -> None:
        """Drop the surplus items if this is a list. ``stand_in``: makes the last item, which says so."""
        if not isinstance(items, list) or len(items) <= most:
            return
        self.note(f"{path} has {len(items)} items", most)
        items[most if stand_in is None else most - 1 :] = [] if stand_in is None else [stand_in(self._mark)]

    def note(self, what: str, most: int) -> None:
        """Note a cut."""
        self.cuts.append(f"{what}, and {self._label} takes {most}: it is cut")

    def _cut(self, place: Place, most: int) -> None:
        place.holder[place.key] = cut(place.text, most, self._measure, place.atom, self._mark)


def objects(found: Any, path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the objects in a list, with their paths; nothing if it is not a list."""
    for number, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, dict):
            yield item, f"{path}[{number}]"


def texts(
    holder: dict[str, Any], limits: Mapping[str, int | None], path: str, atom: re.Pattern[str]
) -> Iterator[Place]:
    """Yield the texts of an object. ``limits``: by the names of texts; None for no limit."""
    for name, most in limits.items():
        if isinstance(holder.get(name), str):
            yield Place(holder, name, f"{path}.{name}", most, atom)


def walk(found: Any, path: str = "", depth: int = 0) -> Iterator[tuple[Any, str | int, str]]:
    """Yield for each value inside a body its holder, its key there, and its path."""
    if depth > MAX_DEPTH:
        return
    keys = [*found] if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    for key in keys:
        there = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")
        yield found, key, there
        yield from walk(found[key], there, depth + 1)


def levelled(
    texts: Iterable[str], most: int, measure: Measure, atom: re.Pattern[str], mark: str
) -> list[str]:
    """Cut the largest of several texts until all together have at most the size ``most``."""
    made = list(texts)
    level = _level([measure(text) for text in made], most)
    return [text if measure(text) <= level else cut(text, level, measure, atom, mark) for text in made]


def _level(sizes: Iterable[int], most: int) -> int:
    """Return the size to which the largest must be cut so that all together have at most ``most``."""
    ordered = sorted(sizes)
    for number, size in enumerate(ordered):
        share = max(most, 0) // (len(ordered) - number)
        if size > share:
            return share
        most -= size
    return ordered[-1] if ordered else 0
