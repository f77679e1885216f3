"""Whatever a schema and an event are, a check keeps to its budget, and both forms of a schema agree."""

import json
from itertools import count
from typing import Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.core.errors import InvalidRequest, SchemaMismatch
from notifications.core.schemas.cost import Cost
from notifications.core.schemas.flat import Flat
from tests.speed import yardsticks
from tests.unit.core.hostile_schemas import of
from tests.unit.core.test_schema_cost import MAX_YARDSTICKS, checked


def _schemas(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(children, min_size=1, max_size=3)
    fields = st.dictionaries(st.sampled_from("abc"), children, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "allOf": lists,
            "anyOf": lists,
            "oneOf": lists,
            "not": children,
            "if": children,
            "then": children,
            "properties": fields,
            "additionalProperties": children,
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "[bc]$"]), children, max_size=2),
            "items": children,
            "prefixItems": lists,
            "contains": children,
            "uniqueItems": st.booleans(),
            "dependentSchemas": fields,
            "unevaluatedProperties": children,
            "propertyNames": st.just({"maxLength": 2}),
            "enum": st.lists(st.sampled_from([1, "a", [], {"a": [1]}]), min_size=1, unique_by=str),
            "required": st.lists(st.sampled_from("abc"), unique=True),
        },
    )


LEAVES = st.sampled_from(
    [
        True,
        {},
        {"type": "string"},
        {"type": "integer"},
        {"$ref": "#/$defs/t"},
        {"$ref": "#/$defs/u"},
        {"pattern": "a*b"},
    ]
)
SCHEMAS = st.recursive(LEAVES, _schemas, max_leaves=12)
VALUES = st.recursive(
    st.sampled_from([1, 2.5, "ab", None, True]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=40,
)


DRAFTS = st.sampled_from(
    [
        *("https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2019-09/schema"),
        *("http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-06/schema#"),
    ]
)


@settings(max_examples=2 * settings().max_examples)
@given(SCHEMAS, SCHEMAS, SCHEMAS, VALUES, DRAFTS)
def test_the_form_for_faults_means_the_same(first: Any, t: Any, u: Any, inner: Any, draft: str) -> None:
    """A schema laid out for telling faults takes and refuses what the schema itself does."""
    schema = of({"a": first, "b": {"$ref": "#/$defs/t"}}, **{"$schema": draft, "$defs": {"t": t, "u": u}})
    data = {"a": inner, "b": inner}
    try:
        flat = Flat(schema, "urn:x")
        Cost(schema)
        itself = jsonschema_rs.validator_for(schema)
    except (InvalidRequest, ValueError):
        return
    registry = jsonschema_rs.Registry([("urn:x", flat.document)])
    laid_out = jsonschema_rs.validator_for({**flat.at(""), **flat.dialect}, registry=registry)
    assert laid_out.is_valid(data) == itself.is_valid(data)


@given(SCHEMAS, SCHEMAS, SCHEMAS, VALUES, st.integers(0, 40))
def test_any_schema_and_any_event(first: Any, t: Any, u: Any, inner: Any, depth: int) -> None:
    """Whatever the schema and the event, the check ends within its time with a verdict."""
    for _ in range(depth):
        inner = {"a": [inner]} if depth % 2 else [{"a": inner, "b": 1}]
    number = count()

    def check() -> SchemaMismatch | None:
        new = {"$defs": {"t": t, "u": u}, "title": str(next(number))}  # known schemas are not looked at again
        schema = of({"a": first, "b": {"$ref": "#/$defs/t"}}, **new)
        return checked(schema, {"a": inner, "b": inner})

    assert yardsticks(check, 2 * MAX_YARDSTICKS) < 2 * MAX_YARDSTICKS
    error = check()
    assert error is None or len(json.dumps(error.errors)) < 16_384
