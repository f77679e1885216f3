"""Describe the message fields of a rule type from its JSON Schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backendai_notification_cli.terminal.visible import visible

INDENT = "  "
UNKNOWN = "any"
_JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


@dataclass(frozen=True, slots=True)
class Field:
    """One message field."""

    name: str
    type: str
    description: str
    required: bool


def fields(schema: Mapping[str, Any]) -> list[Field]:
    """List the fields in the schema's order, each object followed by its declared fields."""
    required = schema.get("required") or ()
    found: list[Field] = []
    for name, prop in _mapping(schema.get("properties")).items():
        found.append(_field(name, prop, schema, required=name in required))
        for option in (prop, *(_mapping(prop).get("anyOf") or ())):
            inner = _mapping(_mapping(option).get("properties"))
            found += [
                _field(f"{name}.{key}", one, schema, required=name in required) for key, one in inner.items()
            ]
    return found


def _field(name: str, prop: object, root: Mapping[str, Any], *, required: bool) -> Field:
    described = _mapping(prop)
    return Field(name, type_name(described, root), str(described.get("description") or ""), required)


def type_name(prop: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """Name a property's type without its `null`; `any` only if the schema leaves it open."""
    names = list(dict.fromkeys(name for name in _names(prop, root, depth=0) if name != "null"))
    return " or ".join(names) or UNKNOWN


def describe(schema: Mapping[str, Any], indent: str = "") -> list[str]:
    """Return the lines that show the required and the optional fields."""
    every = fields(schema)
    blocks = [
        _block("Required fields:", "✓", [field for field in every if field.required]),
        _block("Optional fields:", " ", [field for field in every if not field.required]),
    ]
    shown = [block for block in blocks if block] or [["No fields"]]
    lines = [line for block in shown for line in ("", *block)][1:]
    return [f"{indent}{visible(line)}" if line else "" for line in lines]


def _block(title: str, mark: str, members: list[Field]) -> list[str]:
    lines = [title] if members else []
    for field in members:
        lines.append(f"{INDENT}[{mark}] {field.name}: {field.type}")
        lines.extend(f"{INDENT * 3}{line}" for line in field.description.splitlines())
    return lines


def _names(prop: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> Iterator[str]:
    # A definition may refer to itself, and at this depth it shows nothing new.
    if depth > 8:  # noqa: PLR2004
        return
    if "$ref" in prop:
        yield from _names(_resolve(str(prop["$ref"]), root), root, depth + 1)
    for keyword in ("anyOf", "oneOf", "allOf"):
        for option in prop.get(keyword) or ():
            yield from _names(_mapping(option), root, depth + 1)
    declared = prop.get("type")
    for name in declared if isinstance(declared, list) else [declared] if declared else []:
        yield _array(prop, root, depth) if name == "array" else str(name)
    if not declared:
        values = [prop["const"]] if "const" in prop else prop.get("enum") or []
        yield from (_JSON_TYPES.get(type(value), "null") for value in values)


def _array(prop: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> str:
    inner = list(dict.fromkeys(_names(_mapping(prop.get("items")), root, depth + 1)))
    return f"array of {' or '.join(inner)}" if inner else "array"


def _resolve(reference: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = _mapping(found).get(part)
    return _mapping(found)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
