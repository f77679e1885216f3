"""Event data against the JSON Schema of its type.

jsonschema-rs does the work: its patterns run in linear time here, and it is told never to fetch a
``$ref`` from outside, since a custom type's schema is input.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as Kind

from notifications.core.errors import InvalidRequest, SchemaMismatch
from notifications.core.model import EventType

MAX_ERRORS = 20
"""How many faults of one event are told."""

MAX_SCHEMA_BYTES = 64 * 1024

_VALIDATORS_KEPT = 256


def check_schema(schema: Mapping[str, Any]) -> None:
    """Refuse what can not serve as the schema of an event type.

    Raises:
        InvalidRequest: not a JSON Schema, not one of an object with named properties, too large,
            or one that refers to something outside itself.
    """
    text = json.dumps(schema)
    if len(text) > MAX_SCHEMA_BYTES:
        raise InvalidRequest(f"json_schema has {len(text)} bytes, at most {MAX_SCHEMA_BYTES} are allowed")
    if schema.get("type", "object") != "object" or not isinstance(schema.get("properties"), Mapping):
        raise InvalidRequest('json_schema must describe an object: {"type": "object", "properties": {...}}')
    try:
        jsonschema_rs.meta.validate(dict(schema))
        _validator(text)
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        reason = getattr(error, "message", None) or str(error)
        raise InvalidRequest(f"json_schema is not a usable JSON Schema: {reason}") from None


def check_data(event_type: EventType, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with its absent optional fields as None.

    Raises:
        SchemaMismatch: with every fault, up to ``MAX_ERRORS``.
    """
    validator = _validator(json.dumps(event_type.json_schema))
    try:
        faults = [fault for error in validator.iter_errors(data) for fault in _faults(error)][:MAX_ERRORS]
    except UnicodeEncodeError:  # JSON can spell half a character
        faults = [{"type": "unicode", "loc": [], "msg": "has text that is no Unicode"}]
    if faults:
        raise SchemaMismatch(
            f"The data does not fit the schema of {event_type.name}: "
            + "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'data'}: {fault['msg']}" for fault in faults),
            faults,
        )
    return dict.fromkeys(sorted(event_type.fields)) | dict(data)


@lru_cache(maxsize=_VALIDATORS_KEPT)
def _validator(schema_text: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        json.loads(schema_text), pattern_options=jsonschema_rs.RegexOptions(), offline=True
    )


def _faults(error: jsonschema_rs.ValidationError) -> list[dict[str, Any]]:
    place = list(error.instance_path)
    match error.kind:
        case Kind.Required(property=name):
            return [{"type": "missing", "loc": [*place, name], "msg": "Field required"}]
        case Kind.AdditionalProperties(unexpected=names):
            return [
                {"type": "extra_forbidden", "loc": [*place, name], "msg": "Extra inputs are not permitted"}
                for name in names
            ]
        case kind:
            return [{"type": kind.name, "loc": place, "msg": error.message}]
