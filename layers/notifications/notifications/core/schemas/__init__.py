"""Event data against the JSON Schema of its type.

jsonschema-rs does the checking: its patterns run in linear time here, and it is told never to fetch a
``$ref`` from outside, since a custom type's schema is input. It is native code that nothing can interrupt, so
what a check costs is known before it begins (``cost``), whoever wrote the schema, and whenever.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import jsonschema_rs

from notifications.core.errors import InvalidRequest, SchemaMismatch
from notifications.core.model import EventType
from notifications.core.schemas.cost import MAX_DATA_DEPTH, MAX_STEPS, Cost
from notifications.core.schemas.faults import MAX_FAULTS, Faults
from notifications.core.schemas.patterns import options
from notifications.core.texts import cut

MAX_SCHEMA_BYTES = 64 * 1024
MAX_SCHEMA_DEPTH = 64
"""How deep a schema's lists and objects may be nested."""

MAX_REASON_CHARS = 200
"""How much is told of what the checker has against a schema."""

_CHECKS_KEPT = 256


class Check:
    """Check data against one schema.

    Raises:
        InvalidRequest: the schema cannot serve.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        _check_depth(schema)  # one from before there were these bounds may have any
        self._cost = Cost(schema)
        self._faults: Faults | None = None
        self._schema = schema
        with _refused():
            self._validator = jsonschema_rs.validator_for(
                dict(schema), pattern_options=options(), offline=True
            )

    def faults(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return what is wrong with the data, the first ``MAX_FAULTS``; nothing if it fits."""
        if self._cost.of(data) > MAX_STEPS:
            told = (
                f"To check this data takes too many steps, or it is nested more than {MAX_DATA_DEPTH} times"
            )
            return [{"type": "too_dear", "loc": [], "msg": told}]
        try:
            if self._validator.is_valid(data):
                return []
            self._faults = self._faults or Faults(self._schema)
            return self._faults.first(data)
        except UnicodeEncodeError:  # JSON can spell half a character
            return [{"type": "unicode", "loc": [], "msg": "has text that is no Unicode"}]


def check_schema(schema: Mapping[str, Any]) -> None:
    """Refuse what cannot serve as the schema of an event type.

    Raises:
        InvalidRequest: not a JSON Schema, not one of an object with named properties, too large or nested too
            deeply, one that refers to something outside itself, or one by which checks can cost too much.
    """
    text = json.dumps(schema)
    if len(text) > MAX_SCHEMA_BYTES:
        raise InvalidRequest(f"json_schema has {len(text)} bytes, at most {MAX_SCHEMA_BYTES} are allowed")
    if schema.get("type", "object") != "object" or not isinstance(schema.get("properties"), Mapping):
        raise InvalidRequest('json_schema must describe an object: {"type": "object", "properties": {...}}')
    _check_depth(schema)
    with _refused():
        jsonschema_rs.meta.validate(dict(schema))
    _check(text)


def check_data(event_type: EventType, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with its absent optional fields as None; those that are ``added`` stay absent.

    Raises:
        SchemaMismatch: with the first ``MAX_FAULTS`` faults, or because the check would cost too much.
    """
    try:
        faults = _check_of(event_type.json_schema).faults(data)
    except InvalidRequest as error:  # a schema from before there were these bounds
        faults = [{"type": "schema", "loc": [], "msg": error.message}]
    if faults:
        raise SchemaMismatch(
            f"The data does not fit the schema of {event_type.name}: "
            + "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'data'}: {fault['msg']}" for fault in faults),
            faults,
        )
    return dict.fromkeys(sorted(event_type.fields - event_type.added)) | dict(data)


@contextmanager
def _refused() -> Iterator[None]:
    """Return what the checker has against a schema.

    Raises:
        InvalidRequest: it has something.
    """
    try:
        yield
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        reason = getattr(error, "message", None) or str(error)
        raise InvalidRequest(
            f"json_schema is not a usable JSON Schema: {cut(reason, MAX_REASON_CHARS)}"
        ) from None


MAX_KNOWN = 64
"""How many schemas are known by their object. They stay in memory, beside the copy that a check has."""

_known: dict[int, tuple[Mapping[str, Any], Check]] = {}


def _check_of(schema: Mapping[str, Any]) -> Check:
    """Find the check of a schema that is the very same object as before, as for each event of one type.

    To write the schema of a session as text takes 60 µs, and to check an event of one 6.
    """
    known = _known.get(id(schema))
    if known is None or known[0] is not schema:
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        known = _known[id(schema)] = schema, _check(json.dumps(schema))
    return known[1]


@lru_cache(maxsize=_CHECKS_KEPT)
def _check(schema_text: str) -> Check:
    return Check(json.loads(schema_text))


def _check_depth(schema: Mapping[str, Any]) -> None:
    depth = 0
    level: list[Any] = [schema]
    while level:
        depth += 1
        if depth > MAX_SCHEMA_DEPTH:
            raise InvalidRequest(f"json_schema is nested more than {MAX_SCHEMA_DEPTH} times")
        below: list[Any] = []
        for one in level:
            below += one.values() if isinstance(one, Mapping) else one if isinstance(one, list) else ()
        level = below


__all__ = ["MAX_FAULTS", "MAX_SCHEMA_BYTES", "check_data", "check_schema"]
