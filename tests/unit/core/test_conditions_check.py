"""Conditions against the schema of their event type: what can never be is told when it is saved."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import conditions
from notifications.core.conditions import Fault
from notifications.core.model import EventType
from notifications.core.rule_types import BUILT_IN
from notifications.core.samples import sample
from tests.samples.conditions import ALTERNATIVES

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": ["RUNNING", "PENDING", "TERMINATED"]},
        "name": {"type": "string"},
        "reason": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "count": {"type": "integer", "minimum": 0, "maximum": 100},
        "load": {"type": "number", "exclusiveMinimum": 0},
        "success": {"type": "boolean"},
        "level": {"enum": ["low", "high", 1, None]},
        "context": {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"project": {"type": "string"}},
                    "additionalProperties": False,
                },
                {"type": "null"},
            ]
        },
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "agents": {"type": "array", "items": {"$ref": "#/$defs/agent"}},
        "tags": {"type": ["array", "null"], "items": {"type": "string"}},
        "anything": {},
        "dotted.name": {"type": "boolean"},
    },
    "required": ["status", "name", "success", "context"],
    "additionalProperties": False,
    "$defs": {
        "agent": {"type": "object", "properties": {"id": {"type": "string"}}, "additionalProperties": False}
    },
}
JOB = EventType(name="job.done", description=None, json_schema=SCHEMA)


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("statsu=RUNNING", "'statsu' is not a field of job.done; the nearest is 'status'"),
        ("context.projct=x", "'context.projct' is not a field of job.done; the nearest is 'context.project'"),
        ("agents.di=x", "'agents.di' is not a field of job.done; the nearest is 'agents.id'"),
        ("name.first=x", "'name.first' is not a field of job.done"),
        ("context=x", "has fields of its own and no value; name one of them: context.project"),
        ("context", "has fields of its own and no value; name one of them: context.project"),
        (
            "status=RUNING",
            '"RUNING" is not one of "RUNNING", "PENDING", "TERMINATED"; the nearest is "RUNNING"',
        ),
        (
            "status!=RUNING",
            '"RUNING" is not one of "RUNNING", "PENDING", "TERMINATED"; the nearest is "RUNNING"',
        ),
        ("status=RUN*,X*", 'none of "RUNNING", "PENDING", "TERMINATED" is a text that begins with "X"'),
        ("status~=running,stopped", None),
        ("name=5", 'is text, and 5 is a number; as text it is written "5"'),
        ("name=true", 'is text, and true is true or false; as text it is written "true"'),
        ('count="5"', 'is a number, and "5" is text; as a number it is written 5, without quotes'),
        ('success="true"', 'is true or false, and "true" is text; it is written true, without quotes'),
        ("success=1", "is true or false, and 1 is a number"),
        ("name>5", "is text, and a number > 5 is not"),
        ("count=x*", 'is a number, and a text that begins with "x" is for text'),
        ("count>100", "is a whole number >= 0 and <= 100; none of these is a number > 100"),
        ("count=101", "is a whole number >= 0 and <= 100; none of these is a number = 101"),
        ("count=2.5", "is a whole number >= 0 and <= 100; none of these is a number = 2.5"),
        ("load<=0", "is a number > 0; none of these is a number <= 0"),
        ("!name", "is never absent or null in such an event"),
        ("name=null", "is never absent or null in such an event"),
        ("!context", "has fields of its own and no value; name one of them: context.project"),
        ("labels.team>3", "is text, and a number > 3 is not"),
        ("level=mid", '"mid" is not one of "low", "high"'),
        ("dotted.name=x", 'is true or false, and "x" is text'),
        ("tags=5", 'is text, and 5 is a number; as text it is written "5"'),
    ],
)
def test_what_can_never_be_is_told(clause: str, told: str | None) -> None:
    """Unknown fields and values, operators that do not suit the type, and ranges out of bounds are faults."""
    faults = conditions.check(conditions.from_clauses([clause]), JOB)
    if told is None:
        assert len(faults) == 1
    else:
        assert faults[0].msg.startswith(told), faults


def test_all_faults_are_told_with_their_paths() -> None:
    """A condition is told all that is wrong with it, in ``$or`` too."""
    pattern = {"nme": ["x"], "$or": [{"count": [500, -1]}, {"context": {"project": [1]}}]}
    faults = conditions.check(conditions.parse(pattern), JOB)
    assert [fault.path for fault in faults] == ["nme", "count", "count", "context.project"]
    assert faults[0] == Fault("nme", "'nme' is not a field of job.done; the nearest is 'name'")


@pytest.mark.parametrize(
    "clause",
    [
        *("status=RUNNING,PENDING", "status!=TERMINATED", "status=RUN*", "status~=running", "status=*ING"),
        *(
            "name=x",
            "name",
            "name!=x",
            "reason",
            "!reason",
            "reason=null",
            "reason!=x",
            "count=0..5",
            "count>99",
        ),
        *("count!=5", "load>0", "success=true", "success!=true", "level=low", "level=1,null", "level~=LOW"),
        *(
            "context.project=x",
            "!context.project",
            "labels.any=x",
            "!labels.any",
            "agents.id=x",
            "tags=x",
            "!tags",
        ),
        *("anything=5", "anything.at.all=x", "dotted.name=true", "count"),
    ],
)
def test_what_may_be_is_taken(clause: str) -> None:
    """A condition that an event of the type can meet has no fault."""
    assert conditions.check(conditions.from_clauses([clause]), JOB) == []


def test_a_field_that_is_not_declared_is_a_typo() -> None:
    """A name that a type does not declare is a fault, unless its schema says what other fields may be."""
    schema: dict[str, Any] = {"type": "object", "properties": {"project": {"type": "string"}, "more": {}}}
    event_type = EventType(name="quota", description=None, json_schema=schema)
    faults = conditions.check(conditions.from_clauses(["projct=x", "more.of.it=x"]), event_type)
    assert faults == [Fault("projct", "'projct' is not a field of quota; the nearest is 'project'")]
    open_type = replace(event_type, json_schema=schema | {"additionalProperties": True})
    assert conditions.check(conditions.from_clauses(["projct=x"]), open_type) == []


OPEN: list[dict[str, Any]] = [
    {"type": "object", "properties": {"a": {"allOf": [{"minLength": 1}]}}},
    {"type": "object", "properties": {}, "patternProperties": {"^a": {"type": "string"}}},
    {"type": "object", "properties": {"a": {"type": "array"}}},
    {"type": "object", "properties": {"a": {"type": "array", "prefixItems": [{"type": "string"}]}}},
    {"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}},
    {"type": "object", "properties": {"a": {"not": {"type": "string"}}}},
    {"type": "object", "properties": {"a": True}},
    {"type": "object", "properties": {}},
    {"properties": {}, "allOf": [{"properties": {"a": {"type": "string"}}}]},
]


@pytest.mark.parametrize("schema", OPEN)
@pytest.mark.parametrize("clause", ["a=5", "a=x", "a>3", "a.b=1", "!a"])
def test_what_is_open_has_no_faults(schema: dict[str, Any], clause: str) -> None:
    """Where a schema leaves open what there may be, no condition is refused."""
    event_type = EventType(name="open", description=None, json_schema=schema)
    assert conditions.check(conditions.from_clauses([clause]), event_type) == []


@pytest.mark.parametrize("event_type", BUILT_IN.values(), ids=[*BUILT_IN])
def test_conditions_on_built_in_types(event_type: EventType) -> None:
    """For each field of a built-in type, a condition that its sample meets has no fault."""

    def leaves(path: str, value: Any) -> list[tuple[str, Any]]:
        if isinstance(value, dict):
            return [leaf for name, inner in value.items() for leaf in leaves(f"{path}.{name}", inner)]
        return [(path.removeprefix("."), value[0] if isinstance(value, list) else value)]

    data = sample(event_type)
    for path, value in leaves("", data):
        if value is not None:
            condition = conditions.parse({path: [value]})
            assert conditions.match(condition, data)
            assert conditions.check(condition, event_type) == [], path


KINDS: list[dict[str, Any]] = [
    {"enum": ["x", "y"]},
    {"type": "number", "maximum": 3},
    {"type": ["null", "boolean"]},
]
MIXED = EventType(
    name="mixed",
    description=None,
    json_schema={"type": "object", "properties": {"a": {"anyOf": KINDS}}, "additionalProperties": False},
)


@given(
    alternative=ALTERNATIVES,
    data=st.sampled_from([{"a": "x"}, {"a": "y"}, {"a": 1}, {"a": 2.5}, {"a": None}, {"a": True}, {}]),
)
def test_what_an_event_meets_is_never_refused(alternative: Any, data: dict[str, Any]) -> None:
    """A condition that an event of the type meets has no fault; of what a value must not be, only typos."""
    condition = conditions.parse({"a": [alternative]})
    negated = isinstance(alternative, dict) and "anything-but" in alternative
    if conditions.match(condition, data) and not negated:
        assert conditions.check(condition, MIXED) == []
