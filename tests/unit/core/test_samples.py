"""A sample of an event is made from the schema of its type, and fits it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import InvalidRequest
from notifications.core.model import EventType
from notifications.core.rule_types import BUILT_IN
from notifications.core.samples import MAX_VALUES, sample
from notifications.core.schemas import check_data, check_schema
from tests.samples.configuration import event_type
from tests.speed import yardsticks


@pytest.mark.parametrize("rule_type", BUILT_IN)
def test_built_in_types(rule_type: str) -> None:
    """A built-in type's sample has every field and fits."""
    made = sample(BUILT_IN[rule_type])
    assert made.keys() == BUILT_IN[rule_type].fields
    assert check_data(BUILT_IN[rule_type], made) == made


@pytest.mark.parametrize("rule_type", BUILT_IN)
def test_built_in_types_read_well(rule_type: str) -> None:
    """A person who sees a built-in type's sample finds no field's name in place of a value."""
    made = sample(BUILT_IN[rule_type])
    told = made | made.get("context", {})
    assert [name for name, value in told.items() if value == name] == []


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "f"),
        ({"type": ["null", "string"], "minLength": 3}, "fxx"),
        ({"type": "string", "maxLength": 0}, ""),
        ({"type": "string", "format": "date-time"}, "2026-01-15T10:30:00Z"),
        ({"type": "string", "format": "email"}, "somebody@example.com"),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "integer", "exclusiveMinimum": 5}, 6),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "integer", "exclusiveMaximum": 0}, -1),
        ({"type": "integer", "minimum": 7, "multipleOf": 5}, 10),
        ({"type": "number", "minimum": 0, "maximum": 1}, 0.5),
        ({"type": "number", "exclusiveMinimum": 0}, 1),
        ({"minimum": 2}, 3),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}], "default": None}, 1),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, 1),
        ({"enum": [None, "a", "b"]}, "a"),
        ({"const": 7}, 7),
        ({"default": "d"}, "d"),
        ({"type": "string", "examples": ["e", "f"]}, "e"),
        ({}, "f"),
        (True, "f"),
        ({"type": "array"}, ["f", "f"]),
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, [1, 2]),
        ({"type": "array", "maxItems": 1}, ["f"]),
        ({"type": "array", "minItems": 3, "items": {"const": 0}}, [0, 0, 0]),
        ({"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "boolean"}}, [1, True]),
        ({"type": "object"}, {"key": "f"}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"key": 1}),
        ({"type": "object", "additionalProperties": False}, {}),
        ({"properties": {"a_id": {}, "b": {"type": "object", "properties": {"c": {}}}}}, None),
        ({"type": "object", "required": ["x"]}, {"x": "x"}),
        ({"$ref": "#/$defs/x"}, {"y": 1}),
        ({"allOf": [{"$ref": "#/$defs/x"}, {"properties": {"z": {"type": "boolean"}}}]}, {"y": 1, "z": True}),
        ({"anyOf": [{"type": "null"}, {"$ref": "#/$defs/x"}]}, {"y": 1}),
    ],
)
def test_values(schema: Any, value: Any) -> None:
    """Each keyword that a value depends on is heeded, and the value fits."""
    kind = event_type(
        {"f": schema}, **{"$defs": {"x": {"type": "object", "properties": {"y": {"type": "integer"}}}}}
    )
    made = sample(kind)
    assert check_data(kind, made) == made
    if value is not None or "null" in str(schema):
        assert made == {"f": value}


def test_a_field_that_names_itself() -> None:
    """A schema that refers to itself gives a sample that ends."""
    tree = {"type": "object", "properties": {"left": {"$ref": "#/$defs/t"}, "right": {"$ref": "#/$defs/t"}}}
    made = sample(event_type({"tree": {"$ref": "#/$defs/t"}}, **{"$defs": {"t": tree}}))
    assert len(json.dumps(made)) < 100 * MAX_VALUES
    loop = {"$ref": "#/$defs/l"}
    assert sample(event_type({"f": loop}, **{"$defs": {"l": loop}})) == {"f": "f"}


SCHEMAS = st.recursive(
    st.one_of(
        st.fixed_dictionaries({"type": st.sampled_from(["string", "integer", "number", "boolean", "null"])}),
        st.fixed_dictionaries(
            {"type": st.sampled_from(["integer", "number"])},
            optional={"minimum": st.integers(-9, 9), "multipleOf": st.integers(1, 9)},
        ),
        st.fixed_dictionaries({"type": st.just("string")}, optional={"minLength": st.integers(0, 9)}),
        st.fixed_dictionaries(
            {"enum": st.lists(st.integers() | st.text(), min_size=1, max_size=3, unique=True)}
        ),
        st.just({}),
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("array"), "items": inner}, optional={"maxItems": st.integers(0, 3)}
        ),
        st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(st.sampled_from("abc"), inner)},
            optional={"additionalProperties": st.booleans(), "required": st.just(["a"])},
        ),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=2)}),
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["one", "two_id", "three"]), SCHEMAS, min_size=1))
def test_any_schema(properties: dict[str, Any]) -> None:
    """Whatever ordinary schema a type has, its sample fits, unless nothing would."""
    kind = EventType(name="x", description=None, json_schema={"type": "object", "properties": properties})
    try:
        check_schema(kind.json_schema)
    except InvalidRequest:
        return
    made = sample(kind)
    if "required" not in json.dumps(properties) or "additionalProperties" not in json.dumps(properties):
        assert check_data(kind, made) == made


def test_parts_of_parts_end() -> None:
    """A schema that puts together large parts again and again costs no more than a small one."""
    wide: dict[str, Any] = {"properties": {f"p{number}": {} for number in range(2_000)}}
    refs = [{"$ref": "#/$defs/w"}] * 12
    kind = event_type(
        {f"f{number}": {"allOf": refs, "anyOf": refs} for number in range(500)},
        **{"$defs": {"w": {**wide, "allOf": refs}}},
    )
    assert yardsticks(lambda: sample(kind), limit=2_000) < 2_000


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "number", "multipleOf": 1e-300, "maximum": 1e300},
        {"type": "integer", "minimum": 10**400, "multipleOf": 1.5},
        {"type": "string", "minLength": 10**12},
        {"type": "array", "minItems": 10**12},
        {"type": "array", "minItems": 1e3, "items": {"type": "array", "minItems": 1_000}},
        {"minItems": True, "required": [1, None], "properties": []},
        {"$ref": "https://example.com/x"},
        {"$ref": "#/properties/f"},
    ],
)
def test_odd_schemas(schema: dict[str, Any]) -> None:
    """A schema that asks for too much, or for nothing that there is, gives a small sample all the same."""
    assert len(json.dumps(sample(event_type({"f": schema})), allow_nan=False)) < 20 * MAX_VALUES
