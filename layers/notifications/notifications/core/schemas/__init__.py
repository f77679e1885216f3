"""Check event data against the JSON Schema of its type.

jsonschema-rs does the check. It is configured to run patterns in linear time and never to fetch a ``$ref``,
because the schemas of custom types are untrusted. It is native code that nothing can interrupt, so the cost
of each check is computed before it begins (``cost``).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from notifications.core.cache import Cache
from notifications.core.errors import InvalidRequest, SchemaMismatch
from notifications.core.model import EventType
from notifications.core.schemas.checker import jsonschema_rs
from notifications.core.schemas.cost import MAX_DATA_DEPTH, MAX_STEPS, Cost
from notifications.core.schemas.faults import MAX_FAULTS, Faults
from notifications.core.schemas.patterns import options
from notifications.core.texts import cut

MAX_SCHEMA_BYTES = 64 * 1024
MAX_SCHEMA_DEPTH = 64
"""How deep a schema's lists and objects may be nested."""

MAX_REASON_CHARS = 200
"""How much of the checker's objection to a schema is shown."""

_CHECKS_KEPT = 256


class Check:
    """Checks data against one schema.

    Raises:
        InvalidRequest: the schema cannot be used.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        _check_depth(schema)  # a stored schema may be older than these bounds
        self._cost = Cost(schema)
        self._faults: Faults | None = None
        self._schema = schema
        with _refused():
            self._validator = jsonschema_rs.validator_for(
                dict(schema), pattern_options=options(), offline=True
            )

    def faults(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the first ``MAX_FAULTS`` faults of the data; none if it fits."""
        if self._cost.of(data) > MAX_STEPS:
            message = (
                f"To check this data takes too many steps, or it is nested more than {MAX_DATA_DEPTH} times"
            )
            return [{"type": "too_expensive", "loc": [], "msg": message}]
        try:
            if self._validator.is_valid(data):
                return []
            self._faults = self._faults or Faults(self._schema)
            return self._faults.first(data)
        except UnicodeEncodeError:  # JSON can spell a lone surrogate
            return [{"type": "unicode", "loc": [], "msg": "has text that is no Unicode"}]


def check_schema(schema: Mapping[str, Any]) -> None:
    """Refuse a schema that an event type cannot have.

    Raises:
        InvalidRequest: it is not a JSON Schema of an object with named properties, is too large or nested too
            deeply, refers to something outside itself, or makes checks cost too much.
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
        SchemaMismatch: the data has faults, of which the error has the first ``MAX_FAULTS``, or the check
        would cost too much.
    """
    try:
        faults = _check_of(event_type.json_schema).faults(data)
    except InvalidRequest as error:  # the stored schema is older than these bounds
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
    """Translate the checker's objection to a schema.

    Raises:
        InvalidRequest: the checker has one.
    """
    try:
        yield
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        reason = getattr(error, "message", None) or str(error)
        raise InvalidRequest(
            f"json_schema is not a usable JSON Schema: {cut(reason, MAX_REASON_CHARS)}"
        ) from None


MAX_KNOWN = 64
"""How many schemas are found by identity. They are kept in memory, so that no other object gets the same one.
"""

_known: Cache[int, tuple[Mapping[str, Any], Check]] = Cache(MAX_KNOWN)


def _check_of(schema: Mapping[str, Any]) -> Check:
    """Return the check of a schema, found by identity, because all events of a type share the schema.

    Serialising a session's schema to find it by its text takes 60 µs; checking an event takes only 6 µs.
    """
    known = _known.get(id(schema))
    if known is None or known[0] is not schema:
        known = schema, _check(json.dumps(schema))
        _known.put(id(schema), known)
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
