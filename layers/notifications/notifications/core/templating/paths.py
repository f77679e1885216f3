"""The paths that a template reads inside of fields, checked against the fields' schemas."""

from collections.abc import Mapping
from typing import Any

from jinja2 import nodes

Path = tuple[str, ...]
Read = tuple[Path, int]
"""The names from the outermost to the innermost, and the line."""


def read(tree: nodes.Template) -> tuple[Read, ...]:
    """Find what is read inside of names that the template does not assign itself: ``context.project``."""
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    found = ((_path(node), node.lineno) for node in tree.find_all((nodes.Getattr, nodes.Getitem)))
    return tuple((path, line) for path, line in found if path and path[0] not in own)


def unknown(path: Path, schema: Mapping[str, Any]) -> tuple[Path, frozenset[str]] | None:
    """Return the part of a path up to the first unknown name, and the known names at that place.

    None if all of it may exist: only an object that refuses other keys shows what it lacks.
    """
    inner: Any = schema.get("properties", {}).get(path[0])
    for depth, name in enumerate(path[1:], 2):
        properties = _closed(inner)
        if properties is None or (name not in properties and hasattr(dict, name)):
            return None
        if name not in properties:
            return path[:depth], frozenset(properties)
        inner = properties[name]
    return None


def _path(node: nodes.Node) -> Path | None:
    match node:
        case nodes.Name():
            return (node.name,)
        case nodes.Getattr():
            name = node.attr
        case nodes.Getitem(arg=nodes.Const(value=str(name))):
            pass
        case _:
            return None
    outer = _path(node.node)
    return (*outer, name) if outer else None


def _closed(schema: Any) -> Mapping[str, Any] | None:
    """Return the properties of an object that allows no others, even if it may be null."""
    if not isinstance(schema, Mapping):
        return None
    options = [one for one in schema.get("anyOf", [schema]) if one != {"type": "null"}]
    if len(options) != 1 or not isinstance(options[0], Mapping):
        return None
    (one,) = options
    closed = one.get("additionalProperties") is False and "patternProperties" not in one
    properties = one.get("properties")
    return properties if closed and isinstance(properties, Mapping) else None
