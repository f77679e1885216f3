"""Rewrite a schema so that the checker can find faults without building those of every alternative.

For a value that fits none of ``anyOf``, or not exactly one of ``oneOf``, the checker builds all faults of
every alternative, with copies, even if nobody reads them: gigabytes for some events. For ``not`` it only
computes the result. So each of the two becomes ``not`` of ``not``, which means the same. All subschemas are
put side by side and refer to one another, so that a reference into an alternative still works.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from notifications.core.pointers import child
from notifications.core.schemas.parts import lookup, read

ALTERNATIVES = ("anyOf", "oneOf")
_NAMED = ("properties", "patternProperties", "dependentSchemas", "dependencies")
_LISTED = ("allOf", "prefixItems", "items")
_SINGLE = (
    *("not", "if", "then", "else", "items", "contains", "propertyNames"),
    *("additionalProperties", "unevaluatedProperties", "additionalItems", "unevaluatedItems"),
)
_DROPPED = ("$schema", "$id", "id", "$defs", "definitions", *ALTERNATIVES)


class Flat:
    """A schema with its subschemas side by side: ``document`` has all of it, at ``uri``."""

    def __init__(self, schema: Mapping[str, Any], uri: str) -> None:
        self._schema = schema
        self._uri = uri
        self._numbers = {place: number for number, place in enumerate(read(schema))}
        self._annotates = "unevaluated" in json.dumps(schema)
        self.dialect = {"$schema": schema["$schema"]} if "$schema" in schema else {}
        laid_out = {str(number): self._part(place) for place, number in self._numbers.items()}
        self.document: dict[str, Any] = {**self.dialect, "parts": laid_out}

    def at(self, place: str) -> dict[str, Any]:
        """Return a reference to the subschema at a place of the schema."""
        return {"$ref": f"{self._uri}#/parts/{self._numbers[place]}"}

    def _part(self, place: str) -> Any:
        here = lookup(self._schema, place)
        if not isinstance(here, Mapping):
            return here
        made = {name: value for name, value in here.items() if name not in _DROPPED}
        if isinstance(here.get("$ref"), str):
            made |= self.at(here["$ref"].removeprefix("#"))
        for name in _SINGLE:
            if name in here:
                made[name] = self._other(here[name], child(place, name))
        for name in _LISTED:
            if isinstance(here.get(name), list):
                made[name] = self._others(here[name], child(place, name))
        for name in _NAMED:
            if isinstance(here.get(name), Mapping):
                inner = here[name].items()
                made[name] = {key: self._other(value, child(place, name, key)) for key, value in inner}
        checks = [
            check for name in ALTERNATIVES if name in here for check in self._decided(name, here, place)
        ]
        return {**made, "allOf": [*made.get("allOf", ()), *checks]} if checks else made

    def _decided(self, name: str, here: Mapping[str, Any], place: str) -> Iterator[dict[str, Any]]:
        """Yield checks that decide on alternatives without building their faults.

        ``unevaluated...`` must still know what the alternatives evaluated, so if the schema uses it, they are
        also listed in a way that has no effect.
        """
        alternatives = self._others(here[name], child(place, name))
        yield {"not": {"not": {name: alternatives}}}
        if self._annotates:
            yield {"anyOf": [*alternatives, {}]}

    def _others(self, values: list[Any], place: str) -> list[Any]:
        return [self._other(value, child(place, number)) for number, value in enumerate(values)]

    def _other(self, value: Any, place: str) -> Any:
        return self.at(place) if isinstance(value, Mapping) else value
