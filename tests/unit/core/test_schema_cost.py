"""No schema and no event can make a check cost much, whoever wrote them."""

import json
import subprocess
import sys
from typing import Any

import pytest

from local.common import ROOT
from notifications.core.errors import InvalidRequest, SchemaMismatch
from notifications.core.model import EventType
from notifications.core.schemas import MAX_FAULTS, check_data, check_schema
from tests.speed import yardsticks
from tests.unit.core.hostile_schemas import DEAR, DOUBLING, HONEST, of

MAX_YARDSTICKS = 300
"""CPU time of one check: the budget is some 0.1 s, and a check without one takes seconds to minutes."""

MAX_MEGABYTES = 64

MEASURE = """
import os
from tests.stack.processes import peak_memory
from tests.unit.core.hostile_schemas import DEAR, DOUBLING
from tests.unit.core.test_schema_cost import checked
for name, (schema, data) in {**DEAR, **DOUBLING}.items():
    before = peak_memory(os.getpid())
    checked(schema, data)
    print(name, (peak_memory(os.getpid()) - before) // 1024**2, sep=": ")
"""


def checked(schema: dict[str, Any], data: dict[str, Any]) -> SchemaMismatch | None:
    """Check data as the dispatcher does, whether the schema would be saved or not."""
    kind = EventType(name="made", description=None, json_schema=schema)
    try:
        check_data(kind, data)
    except SchemaMismatch as error:
        return error
    return None


@pytest.mark.parametrize("name", DOUBLING)
def test_a_schema_whose_cost_doubles_is_not_saved(name: str) -> None:
    """A schema of which a small event could cost anything is refused with the place that makes it so."""
    with pytest.raises(InvalidRequest, match=r"^json_schema .*#/"):
        check_schema(DOUBLING[name][0])


@pytest.mark.parametrize("name", [*DOUBLING, *DEAR])
def test_a_check_has_a_budget(name: str) -> None:
    """A check ends within its time, also by a stored schema that would not be saved now."""
    schema, data = {**DOUBLING, **DEAR}[name]
    checked(schema, {})  # to read a schema is another thing, done once
    assert yardsticks(lambda: checked(schema, data), MAX_YARDSTICKS) < MAX_YARDSTICKS
    if name in DOUBLING:
        error = checked(schema, data)
        assert error is not None
        assert "json_schema" in error.message


@pytest.mark.parametrize("name", DEAR)
def test_faults_told_are_few_and_short(name: str) -> None:
    """At most 20 faults are told, and none repeats much of what was sent."""
    error = checked(*DEAR[name])
    if error is not None:
        assert len(error.errors) <= MAX_FAULTS
        assert all(len(fault["msg"]) <= 210 for fault in error.errors)
        assert all(len(str(part)) <= 101 for fault in error.errors for part in fault["loc"])


LONG = "v" * 5_000


@pytest.mark.parametrize(
    "schema",
    [
        *({"enum": [LONG, 1]}, {"const": [LONG]}, {"pattern": f"^{LONG[:900]}$"}, {"type": "integer"}),
        *({"not": {"minLength": 1, "description": LONG}}, {"maxLength": 9}, {"format": "email"}),
        *({"contentMediaType": "application/json"}, {"anyOf": [{"const": LONG}, False]}, False),
    ],
)
def test_no_fault_repeats_a_long_value(schema: Any) -> None:
    """Neither what was sent nor what the schema has is told at more than 100 characters."""
    seventh = {"$schema": "http://json-schema.org/draft-07/schema#"}
    for data in ({"x": "z" * 5_000}, {"x": ["z" * 3_000, {"z" * 300: "z" * 2_000}]}):
        error = checked(of({"x": schema}, **seventh), data)
        for fault in [] if error is None else error.errors:
            assert "z" * 101 not in fault["msg"]
            assert "v" * 101 not in fault["msg"]
            assert "urn:" not in fault["msg"]


def test_twenty_faults_are_found_of_many() -> None:
    """Of an event with thousands of misfits the first twenty are told, each at its place."""
    error = checked(*DEAR["many values allowed"])
    assert error is not None
    assert [fault["loc"] for fault in error.errors] == [["x", number] for number in range(20)]


@pytest.mark.slow
def test_a_check_has_little_memory() -> None:
    """No check takes more than 64 MB."""
    result = subprocess.run(
        [sys.executable, "-c", MEASURE],
        env={"PYTHONPATH": f"{ROOT}:{ROOT}/layers/notifications"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    megabytes = [int(line.rpartition(": ")[2]) for line in result.stdout.splitlines()]
    assert len(megabytes) == len(DEAR) + len(DOUBLING)
    assert max(megabytes) < MAX_MEGABYTES, result.stdout


@pytest.mark.parametrize("name", HONEST)
def test_what_people_write_is_taken(name: str) -> None:
    """A schema that does not double is saved, and an event that fits it is taken, large as it may be."""
    schema, data = HONEST[name]
    check_schema(schema)
    assert checked(schema, data) is None


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"$ref": "https://json-schema.org/draft/2020-12/schema"}, "#/properties/a: only #/... is allowed"),
        ({"$ref": "#/$defs/none"}, "#/$defs/none, which is not in it"),
        ({"$ref": "#name"}, "anchor at #/properties/a"),
        ({"$dynamicRef": "#t"}, "$dynamicRef at #/properties/a"),
        ({"$id": "https://example.com/a"}, "an $id at #/properties/a"),
        ({"pattern": "("}, "json_schema"),
        ({"pattern": "(?:[a-z]{1,1000}){1,1000}"}, "#/properties/a that is malformed or too large"),
    ],
)
def test_what_cannot_be_told_is_refused(schema: dict[str, Any], told: str) -> None:
    """References that lead elsewhere, and patterns that are too large, are refused with their place."""
    with pytest.raises(InvalidRequest) as caught:
        check_schema(of({"a": schema}))
    assert told in caught.value.message


def test_patterns_are_bounded_together() -> None:
    """Many patterns that are large each are refused: all of them are kept in memory."""
    large = {f"a{number}": {"pattern": f"(?:[a-z0-9]{{1,100}}{number}){{1,10}}"} for number in range(400)}
    with pytest.raises(InvalidRequest, match=r"patterns that are too large together, at #/properties/a"):
        check_schema(of(large))
    check_schema(of({f"a{number}": {"pattern": f"^[a-z]{{1,20}}-{number}$"} for number in range(300)}))


@pytest.mark.parametrize("inner", ['{"items":', '{"enum":[', '{"allOf":['])
def test_a_stored_schema_may_be_deep(inner: str) -> None:
    """A schema from before there was a bound of depth makes its events refused, and nothing worse."""
    closing = "]}" if inner.endswith("[") else "}"
    deep = json.loads(inner * 180 + "{}" + closing * 180)
    error = checked(of({"a": deep}), {"a": [1]})
    assert error is not None
    assert "nested more than 64 times" in error.message


def test_names_of_any_kind_have_faults() -> None:
    """A large event's fault is found in fields whose names need escaping in a pointer."""
    names = ["a/b", "c~d", "50 %", "이름", "x#y"]
    schema = of({name: {"type": "integer"} for name in names} | {"pad": {"type": "string"}})
    error = checked(schema, dict.fromkeys(names, "no") | {"pad": "x" * 10_000})
    assert error is not None
    assert [fault["loc"] for fault in error.errors] == [[name] for name in names]
