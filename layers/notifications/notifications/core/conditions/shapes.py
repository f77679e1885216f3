"""Find which values an event type's schema allows for a field, as far as that is certain.

The items of lists count as values of the field, as they do for conditions. Where a schema leaves a field
open, any value is possible.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from notifications.core import pointers
from notifications.core.conditions.model import Kind, Path, kind_of
from notifications.core.values import value

MAX_OPTIONS = 200
"""How many alternatives of a schema are examined; with more, any value is possible."""

MAX_REFERENCES = 12
"""How long a chain of references is followed."""

Schema = Mapping[str, Any]

_KINDS: Mapping[str, Kind] = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "null": "null",
}
_TYPES = (*_KINDS, "object", "array")


@value
class Shape:
    """One kind of value that a field can have.

    ``values``: those of an ``enum``; None if any are allowed. ``lower``, ``upper``: the bounds of a number,
    each with whether it is itself allowed. ``whole``: whether only whole numbers are.
    """

    kind: Kind
    values: tuple[Any, ...] | None = None
    lower: tuple[float, bool] | None = None
    upper: tuple[float, bool] | None = None
    whole: bool = False


@value
class Place:
    """What a schema allows at a path.

    ``shapes``: of values; None if anything is allowed. ``names``: the fields of objects there. ``known``: the
    part of the path that the schema has. ``always``: whether each event has a value there.
    """

    shapes: tuple[Shape, ...] | None
    names: frozenset[str]
    known: Path
    always: bool = False


def find(path: Path, root: Schema) -> Place:
    """Follow a path from the schema of an event's fields."""
    try:
        return _Finder(root).find(path)
    except _Unsure:
        return Place(None, frozenset(), path)


class _Unsure(Exception):
    """The schema leaves the field open, or is too large to be followed."""


class _Finder:
    """Follows paths in a schema."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._left = MAX_OPTIONS

    def find(self, path: Path) -> Place:
        """Follow a path; names with dots in a schema count as nesting."""
        here = [*self._options(self._root, 0)]
        always = True
        at = 0
        while at < len(path):
            objects = [one for one in self._seen_through(here) if "object" in _types(one)]
            always &= len(objects) == len(here) == 1 and path[at] in (here[0].get("required") or ())
            taken = self._taken(objects, path, at)
            name = ".".join(path[at : at + taken])
            inner = [option for one in objects for option in self._inner(one, name, outermost=at == 0)]
            if not inner:
                names = {str(name) for one in objects for name in one.get("properties") or ()}
                return Place((), frozenset(names), path[:at])
            here, at = inner, at + taken
        return self._place(here, path, always=always)

    def _place(self, here: list[Schema], path: Path, *, always: bool) -> Place:
        options = [*self._seen_through(here)]
        names = {str(name) for one in options for name in one.get("properties") or ()}
        shapes = tuple(shape for one in options for shape in _shapes(one))
        return Place(shapes, frozenset(names), path, always and len(options) == len(here))

    def _taken(self, objects: list[Schema], path: Path, at: int) -> int:
        """Count the names of the path that are one name in the schema."""
        for end in range(at + 1, len(path) + 1):
            if any(".".join(path[at:end]) in (one.get("properties") or ()) for one in objects):
                return end - at
        others = [self._others(one, outermost=at == 0) for one in objects]
        if all("object" not in _types(option) for options in others for option in options):
            # It is a name with dots, like a resource slot's: nothing else is nested this deep.
            return len(path) - at
        return 1

    def _inner(self, schema: Schema, name: str, *, outermost: bool) -> Iterator[Schema]:
        properties = schema.get("properties") or {}
        if name in properties:
            return self._options(properties[name], 0)
        return self._others(schema, outermost=outermost)

    def _others(self, schema: Schema, *, outermost: bool) -> Iterator[Schema]:
        """Yield the schemas of a field that an object does not declare."""
        if schema.get("patternProperties") or schema.get("allOf"):
            raise _Unsure
        # Like templates, take a field that the type does not declare for a typo, unless the type says
        # otherwise.
        default = not (outermost and schema.get("properties"))
        return self._options(schema.get("additionalProperties", default), 0)

    def _options(self, schema: Any, depth: int) -> Iterator[Schema]:
        """Yield the alternatives of a schema, with references resolved."""
        self._left -= 1
        if schema is False:
            return
        if self._left < 0 or depth > MAX_REFERENCES or not isinstance(schema, Mapping) or not schema:
            raise _Unsure
        found = dict(schema)
        if isinstance(found.get("$ref"), str):
            yield from self._options({**self._at(found.pop("$ref")), **found}, depth + 1)
            return
        for name in ("anyOf", "oneOf"):
            if isinstance(found.get(name), list):
                options = found.pop(name)
                for option in options:
                    both = found | dict(option) if isinstance(option, Mapping) else option
                    yield from self._options(both, depth + 1)
                return
        if isinstance(found.get("allOf"), list) and not ({"type", "enum", "const"} & found.keys()):
            raise _Unsure
        yield found

    def _seen_through(self, options: list[Schema]) -> Iterator[Schema]:
        """Replace lists by their items."""
        waiting = list(options)
        while waiting:
            one = waiting.pop(0)
            if "array" not in _types(one):
                yield one
                continue
            if "prefixItems" in one or not isinstance(one.get("items"), (Mapping, bool)):
                raise _Unsure
            waiting += self._options(one["items"], 0)
            if others := [name for name in _types(one) if name != "array"]:
                yield {**one, "type": others}

    def _at(self, reference: str) -> Schema:
        found = pointers.at(self._root, reference.removeprefix("#"))
        if not isinstance(found, Mapping):
            raise _Unsure
        return found


def _types(schema: Schema) -> tuple[str, ...]:
    named = schema.get("type")
    if isinstance(named, str):
        return (named,)
    if isinstance(named, list):
        return tuple(named)
    if "enum" in schema or "const" in schema:
        return tuple(_KINDS)
    if "properties" in schema:
        return ("object",)
    return _TYPES


def _shapes(schema: Schema) -> Iterator[Shape]:
    types = _types(schema)
    values = tuple(schema["enum"]) if "enum" in schema else (schema["const"],) if "const" in schema else None
    if types == _TYPES:
        raise _Unsure
    for name in types:
        if name not in _KINDS:
            continue
        kind = _KINDS[name]
        fit = (
            None
            if values is None
            else tuple(one for one in values if _is_scalar(one) and kind_of(one) == kind)
        )
        if fit == ():
            continue
        if kind == "number":
            lower, upper = (
                _bound(schema, "minimum", "exclusiveMinimum", max),
                _bound(schema, "maximum", "exclusiveMaximum", min),
            )
            yield Shape(kind, fit, lower, upper, whole=name == "integer")
        else:
            yield Shape(kind, fit)


def _bound(schema: Schema, inclusive: str, exclusive: str, choose: Any) -> tuple[float, bool] | None:
    found = [
        (schema[name], name == inclusive)
        for name in (inclusive, exclusive)
        if isinstance(schema.get(name), (int, float)) and not isinstance(schema[name], bool)
    ]
    return choose(found, key=lambda bound: bound[0]) if found else None


def _is_scalar(one: Any) -> bool:
    return one is None or isinstance(one, (str, int, float, bool))
