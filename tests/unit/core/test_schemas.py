"""Event data is checked against its type's schema, and hostile schemas do no harm."""

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import InvalidRequest, SchemaMismatch
from notifications.core.rule_types import BUILT_IN
from notifications.core.schemas import MAX_FAULTS, MAX_KNOWN, MAX_SCHEMA_BYTES, check_data, check_schema
from tests.samples.configuration import DOWNLOADED, STARTED, event_type
from tests.speed import yardsticks

SESSION_STARTED = BUILT_IN["session.started"]
DOWNLOAD = BUILT_IN["artifact.download.completed"]


def nested(depth: int) -> Any:
    """Make an object of objects of objects."""
    value: Any = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def test_absent_optionals_are_none() -> None:
    """What comes back has every field of the type, the absent optional ones as None."""
    assert check_data(SESSION_STARTED, STARTED) == {**STARTED, "session_name": None}


def test_null_optional_fits() -> None:
    """An optional field may be null."""
    data = {**STARTED, "session_name": None}
    assert check_data(SESSION_STARTED, data) == data


@given(st.fixed_dictionaries(dict.fromkeys(STARTED, st.text()), optional={"session_name": st.text()}))
def test_fitting_data_comes_back_unchanged(data: dict[str, str]) -> None:
    """Whatever strings the fields have, they come back as they were."""
    assert check_data(SESSION_STARTED, data).items() >= data.items()


@pytest.mark.parametrize("name", STARTED)
def test_missing_field(name: str) -> None:
    """A missing required field is named at its place."""
    with pytest.raises(SchemaMismatch) as caught:
        check_data(SESSION_STARTED, {key: value for key, value in STARTED.items() if key != name})
    assert caught.value.data == {"errors": [{"type": "missing", "loc": [name], "msg": "Field required"}]}


def test_extra_field() -> None:
    """Each extra field is refused and named at its place."""
    with pytest.raises(SchemaMismatch) as caught:
        check_data(SESSION_STARTED, {**STARTED, "more": 1, "most": 2})
    assert [(fault["type"], fault["loc"]) for fault in caught.value.errors] == [
        ("extra_forbidden", ["more"]),
        ("extra_forbidden", ["most"]),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("success", "yes"),
        ("success", None),
        ("artifact_id", 5),
        ("version", 1.5),
        ("verification_result", []),
    ],
)
def test_wrong_type(name: str, value: object) -> None:
    """A value of the wrong type is refused at its place; the error says so in words."""
    with pytest.raises(SchemaMismatch, match=f"{name}: ") as caught:
        check_data(DOWNLOAD, {**DOWNLOADED, name: value})
    (fault,) = caught.value.errors
    assert fault["loc"] == [name]
    assert fault["msg"]


def test_all_faults_are_told() -> None:
    """One refusal tells every fault, so that the sender mends them all at once."""
    with pytest.raises(SchemaMismatch) as caught:
        check_data(SESSION_STARTED, {"session_id": 1, "surplus": 2})
    places = {fault["loc"][0] for fault in caught.value.errors}
    assert places == {"session_id", "surplus", "session_type", "cluster_mode", "status"}


def test_faults_are_bounded() -> None:
    """An event with thousands of faults is refused with the first ones only."""
    with pytest.raises(SchemaMismatch) as caught:
        check_data(SESSION_STARTED, {f"extra{number}": 1 for number in range(5_000)})
    assert len(caught.value.errors) == MAX_FAULTS


def test_nested_fault_has_its_path() -> None:
    """A fault inside lists and objects is told with the path to it."""
    items = {"items": {"type": "array", "items": {"type": "object", "required": ["id"]}}}
    with pytest.raises(SchemaMismatch) as caught:
        check_data(event_type(items), {"items": [{"id": 1}, {}]})
    assert [fault["loc"] for fault in caught.value.errors] == [["items", 1, "id"]]


@pytest.mark.parametrize("depth", [100, 300, 900])
def test_deep_data_has_an_end(depth: int) -> None:
    """Deeply nested data is taken or refused as a mismatch; it is never a failure of another kind."""
    data = {**DOWNLOADED, "verification_result": nested(depth)}
    try:
        complete = check_data(DOWNLOAD, data)
    except SchemaMismatch as error:
        assert error.errors  # noqa: PT017 - either is right
    else:
        assert complete["verification_result"] == data["verification_result"]


def test_external_reference_is_never_fetched() -> None:
    """A schema that refers to a URL is refused, and nothing connects to that URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        schema = {"type": "object", "properties": {"a": {"$ref": url}}}
        with pytest.raises(InvalidRequest, match="json_schema"):
            check_schema(schema)
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_reference_to_a_file_is_refused() -> None:
    """A schema cannot read files of the service."""
    with pytest.raises(InvalidRequest, match="json_schema"):
        check_schema({"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}})


def test_reference_inside_works() -> None:
    """A schema may refer to its own definitions."""
    kind = event_type({"a": {"$ref": "#/$defs/short"}}, **{"$defs": {"short": {"maxLength": 2}}})
    check_schema(kind.json_schema)
    assert check_data(kind, {"a": "ab"}) == {"a": "ab"}
    with pytest.raises(SchemaMismatch):
        check_data(kind, {"a": "abc"})


def test_endless_reference_is_refused_or_harmless() -> None:
    """A definition that refers to itself forever ends."""
    schema = {"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}}
    try:
        check_schema(schema)
    except InvalidRequest as error:
        assert "json_schema" in error.message  # noqa: PT017 - either is right
    else:
        assert check_data(event_type(schema["properties"]), {"a": 1}) == {"a": 1}  # type: ignore[arg-type]


def test_catastrophic_pattern_ends_at_once() -> None:
    """A pattern that makes backtracking engines run for ages is matched in no time."""
    kind = event_type({"a": {"type": "string", "pattern": "^(a+)+$"}})
    check_schema(kind.json_schema)

    def mismatch() -> None:
        with pytest.raises(SchemaMismatch):
            check_data(kind, {"a": "a" * 100_000 + "!"})

    assert yardsticks(mismatch, limit=100) < 100


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"type": "array", "items": {}},
        {"type": "object", "properties": []},
        {"type": "object", "properties": {"a": {"type": "nonsense"}}},
        {"type": "object", "properties": {"a": {"pattern": "("}}},
        {"type": ["object", "null"], "properties": {}},
        {"type": "object", "properties": nested(400)},
    ],
    ids=["empty", "no-fields", "array", "fields-list", "bad-type", "bad-pattern", "nullable", "deep"],
)
def test_unusable_schema(schema: dict[str, Any]) -> None:
    """What is no schema of an object with named fields is refused."""
    with pytest.raises(InvalidRequest, match="json_schema"):
        check_schema(schema)


def test_oversize_schema() -> None:
    """A schema larger than the limit is refused, one that just fits is taken."""
    small = {"type": "object", "properties": {}, "description": ""}
    room = MAX_SCHEMA_BYTES - len('{"type": "object", "properties": {}, "description": ""}')
    check_schema({**small, "description": "x" * room})
    with pytest.raises(InvalidRequest, match=str(MAX_SCHEMA_BYTES)):
        check_schema({**small, "description": "x" * (room + 1)})


def test_a_schema_is_known_by_its_object_and_by_nothing_else() -> None:
    """However many schemas come and go in memory, each event is checked by the schema of its own type."""
    for number in range(3 * MAX_KNOWN):
        kind = event_type({"n": {"const": number}})
        assert check_data(kind, {"n": number}) == {"n": number}
        with pytest.raises(SchemaMismatch):
            check_data(kind, {"n": number + 1})
