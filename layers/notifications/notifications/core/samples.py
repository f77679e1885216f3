"""Make sample events from the schemas of their types, to emit and to try templates with.

A sample has every field; those of built-in types have the values of ``rule_types/examples.py``. A list has
two items, so that a template's separators show; an object with arbitrary keys has one key. The number and
depth of values are bounded, and values beyond these limits are left out.
"""

import itertools
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from notifications.core import pointers
from notifications.core.model import EventType
from notifications.core.rule_types.examples import examples

MAX_VALUES = 1_000
"""How many values a sample has at most."""

MAX_DEPTH = 12
"""How deep they are nested at most; also how long a chain of references is followed."""

MAX_TEXT_CHARS = 1_000
PROPERTIES_PER_VALUE = 20
"""How many properties cost as much as one value when parts of a schema are merged."""

ITEMS = 2
"""Items of a list, if its schema allows so many."""

TIMESTAMP = "2026-01-15T10:30:00Z"
IDENTIFIER = "6f1c1c60-7a1e-4c4e-9f0a-2d6a5f7b8c9d"
_TEXTS = {
    "date-time": TIMESTAMP,
    "date": "2026-01-15",
    "time": "10:30:00Z",
    "duration": "PT1H",
    "uuid": IDENTIFIER,
    "email": "somebody@example.com",
    "hostname": "www.example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://www.example.com/",
}
"""Sample texts by the schema's format."""

_TYPES = {
    "object": ("properties", "additionalProperties", "required", "patternProperties"),
    "array": ("items", "prefixItems", "minItems", "maxItems"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""The type that a schema without ``type`` means, by its keywords."""

Schema = Mapping[str, Any]


def sample(event_type: EventType) -> dict[str, Any]:
    """Make a sample of all fields of an event type."""
    maker = _Maker(event_type.json_schema, examples(event_type))
    made = maker.value(event_type.json_schema, "data", 0)
    return made if isinstance(made, dict) else {}


class _Maker:
    """Makes values that fit a schema, as far as this class understands its keywords."""

    def __init__(self, root: Schema, known: Mapping[str, Any]) -> None:
        self._root = root
        self._known = known
        self._left = MAX_VALUES

    def value(self, schema: Any, name: str, depth: int) -> Any:
        """Make one value.

        ``name``: its field's name, which is also the text to use if nothing better is known.
        """
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            return None
        if name in self._known:
            return self._known[name]
        schema = self._resolved(schema)
        for given in _given(schema):
            return given
        made: Any
        match _type(schema):
            case "object":
                made = self._object(schema, name, depth)
            case "array":
                made = self._array(schema, name, depth)
            case "integer" | "number" as kind:
                made = _number(schema, whole=kind == "integer")
            case "boolean":
                made = True
            case "null":
                made = None
            case _:
                made = _text(schema, name)
        return made

    def _resolved(self, schema: Any) -> Schema:
        """Follow references, merge ``allOf``, and choose one of ``anyOf`` and ``oneOf``."""
        found: dict[str, Any] = dict(schema) if isinstance(schema, Mapping) else {}
        for _ in range(MAX_DEPTH):
            if isinstance(found.get("$ref"), str):
                found = {**self._at(found.pop("$ref")), **found}
            elif isinstance(found.get("allOf"), list):
                parts = [self._flat(part) for part in found.pop("allOf")[:MAX_DEPTH]]
                found = _merged([found, *parts])
            elif options := next((found.pop(key) for key in ("anyOf", "oneOf") if found.get(key)), None):
                chosen = [option for option in map(self._flat, options[:MAX_DEPTH]) if not _is_null(option)]
                found = _merged([found, *chosen[:1]])
            else:
                break
        return found

    def _flat(self, schema: Any) -> Schema:
        """Resolve one reference of a part, and charge for the properties that will be merged."""
        found: Schema = schema if isinstance(schema, Mapping) else {}
        if isinstance(found.get("$ref"), str):
            found = self._at(found["$ref"])
        self._left -= 1 + len(_mapping(found.get("properties"))) // PROPERTIES_PER_VALUE
        return found if self._left > 0 else {}

    def _at(self, reference: str) -> Schema:
        found = pointers.at(self._root, reference.removeprefix("#"))
        return found if isinstance(found, Mapping) else {}

    def _object(self, schema: Schema, name: str, depth: int) -> dict[str, Any]:
        properties = _mapping(schema.get("properties"))
        required = [key for key in schema.get("required") or () if isinstance(key, str)]
        made: dict[str, Any] = {}
        for key in dict.fromkeys([*properties, *required]):
            if self._left > 0:
                made[key] = self.value(properties.get(key), key, depth + 1)
        others = schema.get("additionalProperties")
        if not made and depth and others is not False and "patternProperties" not in schema:
            made["key"] = self.value(others, name, depth + 1)
        return made

    def _array(self, schema: Schema, name: str, depth: int) -> list[Any]:
        first = schema.get("prefixItems") or ()
        least, most = _bound(schema, "minItems", 0), _bound(schema, "maxItems", MAX_VALUES)
        count = min(max(ITEMS, least, len(first)), most)
        schemas = itertools.chain(first, itertools.repeat(schema.get("items")))
        made: list[Any] = []
        for inner, number in zip(schemas, range(count), strict=False):
            if self._left <= 0:
                break
            item = self.value(inner, name, depth + 1)
            made.append(_other(item, number) if schema.get("uniqueItems") and item in made else item)
        return made


def _given(schema: Schema) -> Iterator[Any]:
    """Yield the values that a schema itself names."""
    if "const" in schema:
        yield schema["const"]
    for key in ("examples", "enum"):
        if isinstance(schema.get(key), list):
            yield from (value for value in schema[key] if value is not None)
    if schema.get("default") is not None:
        yield schema["default"]


def _type(schema: Schema) -> str:
    declared = schema.get("type")
    if isinstance(declared, list):
        declared = next((name for name in declared if name != "null"), "null")
    if isinstance(declared, str):
        return declared
    return next((name for name, keys in _TYPES.items() if any(key in schema for key in keys)), "string")


def _merged(parts: list[Schema]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in parts:
        properties = _mapping(made.get("properties")) | _mapping(part.get("properties"))
        required = [*(made.get("required") or ()), *(part.get("required") or ())]
        made = {**made, **part}
        made |= {"properties": properties} if properties else {}
        made |= {"required": required} if required else {}
    return made


def _is_null(schema: Schema) -> bool:
    return schema.get("type") == "null" or schema.get("const", 0) is None


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _bound(schema: Schema, key: str, default: int) -> int:
    value = schema.get(key)
    return min(int(value), MAX_VALUES) if isinstance(value, (int, float)) and value >= 0 else default


def _number(schema: Schema, *, whole: bool) -> float:
    """Make a number between the schema's bounds, if these can be computed with."""
    try:
        made = _between(schema, whole=whole)
    except ArithmeticError:
        return 1
    return made if isfinite(made) else 1


def _between(schema: Schema, *, whole: bool) -> float:
    step = schema.get("multipleOf") or (1 if whole else 0)
    lower: Any = max(_numbers(schema, "minimum", "exclusiveMinimum"), default=None)
    upper: Any = min(_numbers(schema, "maximum", "exclusiveMaximum"), default=None)
    made: float
    if lower is None and upper is None:
        made = step or 1
    elif step and lower is not None:
        made = (-(-lower // step) + (lower == schema.get("exclusiveMinimum") and lower % step == 0)) * step
    elif step:
        made = (upper // step - (upper == schema.get("exclusiveMaximum") and upper % step == 0)) * step
    elif lower is not None and upper is not None:
        made = (lower + upper) / 2
    else:
        made = upper - 1 if lower is None else lower + 1
    return made


def _numbers(schema: Schema, *keys: str) -> list[float]:
    values = [schema.get(key) for key in keys]
    return [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]


def _text(schema: Schema, name: str) -> str:
    known = _TEXTS.get(str(schema.get("format")))
    if known is None:
        known = (
            IDENTIFIER if name.endswith("_id") else TIMESTAMP if name.endswith(("timestamp", "_at")) else name
        )
    least = min(_bound(schema, "minLength", 0), MAX_TEXT_CHARS)
    return (known or "text").ljust(least, "x")[
        : min(_bound(schema, "maxLength", MAX_TEXT_CHARS), MAX_TEXT_CHARS)
    ]


def _other(item: Any, number: int) -> Any:
    """Make a different value from one that is already in a list."""
    if isinstance(item, bool):
        return not item
    return item + number if isinstance(item, (int, float)) else f"{item}-{number}"
