"""Find the first few faults of an event's data, one by one.

The checker reports all faults of a value at once, each with a copy of the value and of what it was compared
with. For a large event these would not fit into memory, so large values are checked field by field and item
by item.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from time import thread_time
from typing import Any

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as Kind

from notifications.core.pointers import child
from notifications.core.schemas.flat import Flat
from notifications.core.schemas.parts import lookup
from notifications.core.schemas.patterns import options
from notifications.core.texts import MAX_SHOWN_CHARS, cut

MAX_FAULTS = 20
"""How many faults of one event are reported."""

WHOLE_CHARS = 4_000
"""How short a value is as JSON that is checked as a whole, because it cannot have many faults."""

MAX_SECONDS = 0.05
"""How much CPU time the search for more than the first fault may take."""

_ROOT = "urn:event-type"

Fault = dict[str, Any]
Place = list[str | int]


class Faults:
    """Finds the faults of data by one schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._flat = Flat(schema, _ROOT)
        self._registry = jsonschema_rs.Registry([(_ROOT, self._flat.document)])
        self._short = len(json.dumps(schema)) <= WHOLE_CHARS
        self._validators: dict[str, jsonschema_rs.Validator] = {}
        self._deadline = 0.0

    def first(self, data: Mapping[str, Any]) -> list[Fault]:
        """Return the first faults of data that does not fit."""
        self._deadline = thread_time() + MAX_SECONDS
        return [*islice(self._in_misfit("", data, []), MAX_FAULTS)]

    def _find(self, schema_place: str, value: Any, place: Place) -> Iterator[Fault]:
        if not self._validator(schema_place).is_valid(value):
            yield from self._in_misfit(schema_place, value, place)

    def _in_misfit(self, schema_place: str, value: Any, place: Place) -> Iterator[Fault]:
        validator = self._validator(schema_place)
        # Only a short value by a short schema is checked as a whole, because each fault has a copy of both.
        if self._short and _is_short(value):
            for error in validator.iter_errors(value):
                yield from translated(error, place)
            return
        found = False
        for fault in self._inside(schema_place, value, place):
            found = True
            yield fault
        if not found:  # the value as a whole does not fit, or there was no time to look further
            try:
                validator.validate(value)
            except jsonschema_rs.ValidationError as error:
                yield from translated(error, place)

    def _inside(self, schema_place: str, value: Any, place: Place) -> Iterator[Fault]:
        schema = lookup(self._schema, schema_place)
        if not isinstance(schema, Mapping):
            return
        if isinstance(schema.get("$ref"), str):
            yield from self._inside(schema["$ref"][1:], value, place)
        if isinstance(value, Mapping):
            yield from _of_names(schema, value, place)
        for name, below, inner in _children(schema, schema_place, value):
            # One fault is enough to refuse the event; more of them are only worth a little time.
            if thread_time() > self._deadline:
                return
            yield from self._find(below, inner, [*place, name])

    def _validator(self, schema_place: str) -> jsonschema_rs.Validator:
        if schema_place not in self._validators:
            self._validators[schema_place] = jsonschema_rs.validator_for(
                {**self._flat.at(schema_place), **self._flat.dialect},
                registry=self._registry,
                pattern_options=options(),
                offline=True,
            )
        return self._validators[schema_place]


def _of_names(schema: Mapping[str, Any], value: Mapping[str, Any], place: Place) -> Iterator[Fault]:
    yield from (missing([*place, name]) for name in schema.get("required") or () if name not in value)
    if schema.get("additionalProperties") is False and not schema.get("patternProperties"):
        known = schema.get("properties") or {}
        yield from (surplus([*place, name]) for name in value if name not in known)


def _children(schema: Mapping[str, Any], place: str, value: Any) -> Iterator[tuple[str | int, str, Any]]:
    """Yield each inner value with its name or position, and the place of the subschema that applies to it."""
    if isinstance(value, Mapping):
        for name in schema.get("properties") or ():
            if name in value:
                yield name, child(place, "properties", name), value[name]
    elif isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for position in range(len(schema.get("prefixItems") or ()), len(value)):
            yield position, child(place, "items"), value[position]


def translated(error: jsonschema_rs.ValidationError, above: Place) -> list[Fault]:
    """Translate one of the checker's errors into the API's form."""
    place = [*above, *error.instance_path]
    match error.kind:
        case Kind.Required(property=name):
            return [missing([*place, name])]
        case Kind.AdditionalProperties(unexpected=names):
            return [surplus([*place, name]) for name in names[:MAX_FAULTS]]
        case Kind.Not(schema={"not": {"anyOf": _}}):
            return [_decided("anyOf", "not valid under any", error, place)]
        case Kind.Not(schema={"not": {"oneOf": _}}):
            return [_decided("oneOf", "not valid under exactly one", error, place)]
        case Kind.Not():
            message = f"{_value(error)} is valid under the schema that 'not' excludes"
            return [{"type": "not", "loc": _shown(place), "msg": message}]
        case kind:
            return [{"type": kind.name, "loc": _shown(place), "msg": _message(error)}]


def missing(place: Place) -> Fault:
    """Report a missing field."""
    return {"type": "missing", "loc": _shown(place), "msg": "Field required"}


def surplus(place: Place) -> Fault:
    """Report a field that is not allowed."""
    return {"type": "extra_forbidden", "loc": _shown(place), "msg": "Extra inputs are not permitted"}


def _decided(keyword: str, how: str, error: jsonschema_rs.ValidationError, place: Place) -> Fault:
    message = f"{_value(error)} is {how} of the schemas listed in the '{keyword}' keyword"
    return {"type": keyword, "loc": _shown(place), "msg": message}


def _message(error: jsonschema_rs.ValidationError) -> str:
    """Return the checker's message, cut if it is long."""
    message = error.message
    if len(message) <= MAX_SHOWN_CHARS:
        return message
    value = json.dumps(error.instance, ensure_ascii=False, separators=(",", ":"))
    if message.startswith(value):
        return cut(value) + cut(message[len(value) :])
    return cut(message)


def _value(error: jsonschema_rs.ValidationError) -> str:
    return cut(json.dumps(error.instance, ensure_ascii=False, separators=(",", ":")))


def _shown(place: Place) -> Place:
    return [cut(part) if isinstance(part, str) else part for part in place]


def _is_short(value: Any) -> bool:
    return len(json.dumps(value, ensure_ascii=False)) <= WHOLE_CHARS
