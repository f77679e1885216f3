"""From the parts of a text, one after the other, to the value that they make and the lines where it stands.

YAML and JSON are both taken apart into these parts. The reading goes on after a fault, so that all of them
are told at once; only a text without an end, or without bounds, stops it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from backendai_notification_cli.terminal.visible import shortened

MAX_VALUES = 250_000
"""How many values a file may have; an alias counts as often as it is used."""

MAX_DEPTH = 100


class _Merge(str):
    """``<<`` without quotes, which as a key takes in another object's members in YAML 1.1."""

    __slots__ = ()


MERGE = _Merge("<<")

Place = Sequence[str | int]
"""The keys and indexes that lead to a value, from the document's root."""


class Part(NamedTuple):
    """A part of a text. ``name``: of the anchor that it sets, or the alias that it is."""

    kind: Literal["object", "list", "end", "value", "alias"]
    line: int
    value: Any = None
    name: str | None = None
    fault: str | None = None


class Fault(NamedTuple):
    """What is wrong, and where."""

    line: int
    place: Place
    message: str


class Spot(NamedTuple):
    """Where a value is named, which for a member of an object is its key, and where its own members are."""

    line: int
    inner: "Mapping[str, Spot] | Sequence[Spot]"


class Unbounded(Exception):
    """The reading cannot go on."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class _Made(NamedTuple):
    """A value, with how many values it holds, itself and aliases included, and how deep it is."""

    value: Any
    inner: Any
    size: int
    height: int


_SCALAR_INNER: Mapping[str, Spot] = {}


class _Open:
    """An object or a list whose end has not come yet."""

    def __init__(self, part: Part) -> None:
        self.is_object = part.kind == "object"
        self.value: Any = {} if self.is_object else []
        self.inner: Any = {} if self.is_object else []
        self.part = part
        self.key: str | None = None
        self.key_line = part.line
        self.awaits_key = self.is_object
        self.size, self.height = 1, 1


class Building:
    """The making of one document."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, _Made | None] = {}
        self._made = 0
        self._root: _Made | None = None

    def build(self, parts: Iterable[Part]) -> tuple[Any, Spot] | None:
        """Return the value and where it is; None for a text that says nothing.

        Raises:
            Unbounded: it is nested too deep, or says too much.
        """
        first = 1
        for part in parts:
            if not self._open:
                first = part.line
            self._take(part)
        return None if self._root is None else (self._root.value, Spot(first, self._root.inner))

    def _take(self, part: Part) -> None:
        if part.fault is not None:
            self._fault(part.line, part.fault)
        if part.kind in {"object", "list"}:
            if len(self._open) > MAX_DEPTH:
                raise Unbounded(part.line, f"it is nested deeper than {MAX_DEPTH} levels")
            self._open.append(_Open(part))
            if part.name is not None:
                self._anchors[part.name] = None
            self._count(1, part.line)
        elif part.kind == "end":
            done = self._open.pop()
            self._anchored(done.part, _Made(done.value, done.inner, done.size, done.height))
        elif part.kind == "alias":
            self._alias(part)
        else:
            self._count(1, part.line)
            self._anchored(part, _Made(part.value, _SCALAR_INNER, 1, 0))

    def _count(self, size: int, line: int) -> None:
        self._made += size
        if self._made > MAX_VALUES:
            raise Unbounded(line, f"the file has more than {MAX_VALUES:,} values")

    def _anchored(self, part: Part, made: _Made) -> None:
        if part.name is not None:
            self._anchors[part.name] = made
        self._put(part.line, made)

    def _alias(self, part: Part) -> None:
        made = self._anchors.get(part.name or "")
        if made is None:
            inside = part.name in self._anchors
            why = "is inside the value that it stands for" if inside else "has no anchor before it"
            self._fault(part.line, f"the alias *{part.name} {why}")
            made = _Made(None, _SCALAR_INNER, 1, 0)
        self._count(made.size, part.line)
        if len(self._open) + made.height > MAX_DEPTH:
            raise Unbounded(part.line, f"it is nested deeper than {MAX_DEPTH} levels")
        self._put(part.line, made)

    def _put(self, line: int, made: _Made) -> None:
        """Put a value where it belongs: into what is open."""
        if not self._open:
            self._root = made
            return
        into = self._open[-1]
        into.size += made.size
        into.height = max(into.height, made.height + 1)
        if not into.is_object:
            into.value.append(made.value)
            into.inner.append(Spot(line, made.inner))
        elif into.awaits_key:
            into.key, into.key_line = self._key(into, line, made.value), line
            into.awaits_key = False
        else:
            if into.key is not None:
                into.value[into.key] = made.value
                into.inner[into.key] = Spot(into.key_line, made.inner)
            into.awaits_key = True

    def _key(self, into: _Open, line: int, key: Any) -> str | None:
        """Return a key if an object can have it; otherwise note the fault."""
        if not isinstance(key, str):
            self._fault(line, "a key must be a text: put it in quotes")
        elif isinstance(key, _Merge):
            told = "merge keys are not read: write the members out, or put << in quotes if it is a name"
            self._fault(line, told)
        elif key in into.value:
            self._fault(line, f"the key {shortened(repr(key))} comes twice")
        else:
            return key
        return None

    def _fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(line, self._place(), message))

    def _place(self) -> Place:
        around = self._open if self._open and not self._open[-1].awaits_key else self._open[:-1]
        return [open_.key or "?" if open_.is_object else len(open_.value) for open_ in around]
