"""backend.ai notification event, event-type, and the rule types shown from them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.commands.notification.rule.schema_text import describe, type_name

TYPES = "/notifications/event-types"
SCHEMA = {
    "type": "object",
    "properties": {
        "session_id": {"type": "string", "description": "Session UUID"},
        "session_name": {
            "anyOf": [{"type": "string"}, {"type": "null"}],
            "default": None,
            "description": "Name",
        },
    },
    "required": ["session_id"],
}
BUILT_IN = {"name": "session.started", "description": None, "json_schema": SCHEMA, "built_in": True}
CUSTOM = {"name": "disk.full", "description": "Disk", "json_schema": {"properties": {}}, "built_in": False}
Run = Callable[..., Any]


def test_rule_types(service: Any, run: Run) -> None:
    """One request shows all types, custom ones too, with required and optional fields."""
    service.answers("GET", TYPES, {"event_types": [BUILT_IN, CUSTOM]})
    result = run("notification", "rule", "types")
    assert result.stdout == (
        "Available notification rule types:\n"
        "\n"
        "• session.started\n"
        "  Required fields:\n"
        "    [✓] session_id: string\n"
        "        Session UUID\n"
        "\n"
        "  Optional fields:\n"
        "    [ ] session_name: string\n"
        "        Name\n"
        "\n"
        "• disk.full\n"
        "  No fields\n"
    )
    assert len(service.requests) == 1


def test_rule_schema(service: Any, run: Run) -> None:
    """The schema of one type is the same block without the indent; the name is one path segment."""
    service.answers("GET", f"{TYPES}/a%2Fb", {"event_type": {**BUILT_IN, "name": "a/b"}})
    result = run("notification", "rule", "schema", "a/b")
    assert result.stdout == (
        "Schema for rule type: a/b\n"
        "\n"
        "Required fields:\n"
        "  [✓] session_id: string\n"
        "      Session UUID\n"
        "\n"
        "Optional fields:\n"
        "  [ ] session_name: string\n"
        "      Name\n"
    )


@pytest.mark.parametrize(
    ("prop", "expected"),
    [
        ({"type": "boolean"}, "boolean"),
        ({"anyOf": [{"type": "object"}, {"type": "null"}]}, "object"),
        ({"oneOf": [{"type": "null"}, {"type": "integer"}, {"type": "string"}]}, "integer or string"),
        ({"type": ["number", "null"]}, "number"),
        ({"type": "array", "items": {"type": "string"}}, "array of string"),
        ({"type": "array"}, "array"),
        ({"enum": ["a", "b", None]}, "string"),
        ({"const": True}, "boolean"),
        ({"allOf": [{"$ref": "#/$defs/kind"}]}, "string"),
        ({"$ref": "#/$defs/loop"}, "any"),
        ({"$ref": "#/$defs/unknown"}, "any"),
        ({}, "any"),
    ],
)
def test_type_is_the_real_one(prop: dict[str, Any], expected: str) -> None:
    """A field's type is shown without its null, and as `any` only where the schema leaves it open."""
    root = {"$defs": {"kind": {"enum": ["x"]}, "loop": {"$ref": "#/$defs/loop"}}}
    assert type_name(prop, root) == expected


def test_what_is_inside_an_object() -> None:
    """After an object come the fields that it is declared to have, as a template names them."""
    inner = {"type": "object", "properties": {"project": {"type": "string", "description": "Its name"}}}
    assert describe({"properties": {"context": {"anyOf": [inner, {"type": "null"}]}, "n": {}}}) == [
        "Optional fields:",
        "  [ ] context: object",
        "  [ ] context.project: string",
        "      Its name",
        "  [ ] n: any",
    ]


def test_schema_without_sense_does_not_crash() -> None:
    """A schema with parts of the wrong kind is shown as far as it goes."""
    assert describe({"properties": {"a": True}}) == ["Optional fields:", "  [ ] a: any"]


@pytest.mark.parametrize("source", ["option", "stdin"])
def test_emit(service: Any, run: Run, source: str) -> None:
    """An event is sent with its fields; the id is data, the status line is not."""
    service.answers("POST", "/notifications/events", {"event_id": "e1"}, status=202)
    args = ["--data", '{"path": "/"}'] if source == "option" else ["--data-file", "-"]
    result = run("notification", "event", "emit", "disk.full", *args, stdin='{"path": "/"}')
    assert result.stderr == "✓ Event accepted: e1\n"
    assert json.loads(result.stdout) == {"event_id": "e1"}
    assert service.last["body"] == {"rule_type": "disk.full", "notification_data": {"path": "/"}}


EVENTS = Path(__file__).parents[3] / "events"
DOCUMENTS = sorted(path.name for path in EVENTS.glob("*.json") if '"detail-type"' in path.read_text()[:200])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_emit_a_document(service: Any, run: Run, name: str) -> None:
    """Each sample document of the repository, in either form, can be emitted as it is."""
    document = json.loads((EVENTS / name).read_text())
    detail = document["detail"]
    rule_type = detail["rule_type"] if "triggered" in name else document["detail-type"]
    fields = detail["notification_data"] if "triggered" in name else detail
    service.answers("POST", "/notifications/events", {"event_id": "e1"}, status=202)
    result = run("notification", "event", "emit", rule_type.upper(), "--data-file", str(EVENTS / name))
    assert result.exit_code == 0, result.stderr
    assert service.last["body"]["notification_data"] == fields


def test_emit_a_sample(service: Any, run: Run) -> None:
    """--sample emits what the service makes from the type's schema."""
    sample = {"rule_type": "disk.full", "notification_data": {"disk": "disk"}}
    service.answers("GET", f"{TYPES}/disk.full/sample", sample)
    service.answers("POST", "/notifications/events", {"event_id": "e1"}, status=202)
    assert run("notification", "event", "emit", "disk.full", "--sample").exit_code == 0
    assert service.last["body"] == sample


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--sample", "--data", "{}"), "Cannot specify --sample together with --data or --data-file"),
        ((), "Must specify either --data or --data-file"),
        (
            ("--data", '{"source": "x", "detail-type": "a.b", "detail": {}}'),
            "an event of type 'a.b', not 'disk",
        ),
        (("--data", '{"source": "x", "detail-type": "a.b", "detail": 5}'), "The document is not an event"),
        (
            ("--data", '{"source": "x", "detail-type": "notification_triggered", "detail": {}}'),
            "The document is not an event",
        ),
    ],
)
def test_emit_refuses(service: Any, run: Run, arguments: tuple[str, ...], told: str) -> None:
    """What is given twice, not at all, or for another type, is told before anything is sent."""
    result = run("notification", "event", "emit", "disk.full", *arguments)
    assert (result.exit_code, told in result.stderr, service.requests) == (1, True, [])


def test_fields_that_look_like_a_document(service: Any, run: Run) -> None:
    """Fields are a document only with all that makes one."""
    service.answers("POST", "/notifications/events", {"event_id": "e1"}, status=202)
    fields = {"detail": {"a": 1}, "source": "x"}
    assert run("notification", "event", "emit", "disk.full", "--data", json.dumps(fields)).exit_code == 0
    assert service.last["body"]["notification_data"] == fields


@pytest.mark.parametrize("duplicate", [False, True])
def test_emit_with_an_id(service: Any, run: Run, duplicate: bool) -> None:  # noqa: FBT001
    """The id goes along as the idempotency key, and what is said tells whether it came before."""
    reply = {"event_id": "order-7", "duplicate": duplicate}
    service.answers("POST", "/notifications/events", reply, status=202)
    result = run("notification", "event", "emit", "disk.full", "--data", "{}", "--id", "order-7")
    assert ("accepted before" in result.stderr) is duplicate
    assert json.loads(result.stdout) == reply
    assert service.last["headers"]["Idempotency-Key"] == "order-7"


def test_emit_with_a_bad_id(service: Any, run: Run) -> None:
    """An id that no event can have is refused before anything is sent."""
    result = run("notification", "event", "emit", "disk.full", "--data", "{}", "--id", "a.b")
    assert (result.exit_code, service.requests) == (1, [])
    assert "is not an event ID" in result.stderr


@pytest.mark.parametrize("number", ["1e400", "-1E999", "9" * 400, "9" * 9_000, "NaN", "Infinity"])
def test_emit_of_a_number_beyond_a_double(service: Any, run: Run, number: str) -> None:
    """A number that no double holds is refused before anything is sent, and not repeated whole."""
    result = run("notification", "event", "emit", "disk.full", "--data", f'{{"n": [{number}]}}')
    assert (result.exit_code, service.requests) == (1, [])
    assert "Invalid JSON data" in result.stderr
    assert len(result.stderr) < 200


def test_create(service: Any, run: Run, tmp_path: Path) -> None:
    """An event type is created from a schema file and shown."""
    file = tmp_path / "schema.json"
    file.write_text(json.dumps(SCHEMA))
    service.answers("POST", TYPES, {"event_type": CUSTOM}, status=201)
    create = ("notification", "event-type", "create", "disk.full")
    result = run(*create, "--schema-file", str(file), "--description", "Disk")
    assert result.stderr == "✓ Event type created: disk.full\n"
    assert json.loads(result.stdout) == CUSTOM
    assert service.last["body"] == {"name": "disk.full", "description": "Disk", "json_schema": SCHEMA}


def test_create_needs_a_schema(service: Any, run: Run) -> None:
    """Without a schema file the call is wrong, with a broken one it fails; nothing is sent."""
    create = ("notification", "event-type", "create", "x")
    assert run(*create).exit_code == 2
    result = run(*create, "--schema-file", "-", stdin="{")
    assert result.exit_code == 1
    assert result.stderr.startswith("✗ Invalid JSON schema: ")
    assert service.requests == []


def test_update(service: Any, run: Run) -> None:
    """Only what is given is changed, and nothing given is refused."""
    service.answers("PATCH", f"{TYPES}/disk.full", {"event_type": CUSTOM})
    update = ("notification", "event-type", "update", "disk.full")
    assert run(*update, "--description", "Disk").stderr == "✓ Event type updated: disk.full\n"
    assert service.last["body"] == {"description": "Disk"}
    assert run(*update).exit_code == 1
    assert len(service.requests) == 1


def test_list(service: Any, run: Run) -> None:
    """The list tells built-in and custom types apart."""
    service.answers("GET", TYPES, {"event_types": [BUILT_IN, CUSTOM]})
    assert run("notification", "event-type", "list").stdout == (
        "Name: session.started\nKind: built-in\nDescription: \n---\n"
        "Name: disk.full\nKind: custom\nDescription: Disk\n---\n"
    )


@pytest.mark.parametrize(
    "args",
    [["event-type", "info"], ["event-type", "delete"], ["event-type", "update"], ["rule", "schema"]],
)
def test_empty_name_is_refused(service: Any, run: Run, args: list[str]) -> None:
    """An empty name, which would lead to the path of the whole list, is refused without a request."""
    change = ["--description", "d"] if "update" in args else []
    result = run("notification", *args, "", *change)
    assert (result.exit_code, result.stderr) == (1, "✗ The name must not be empty\n")
    assert service.requests == []


def test_info_and_delete(service: Any, run: Run) -> None:
    """Info prints JSON, delete a status line."""
    service.answers("GET", f"{TYPES}/disk.full", {"event_type": CUSTOM})
    service.answers("DELETE", f"{TYPES}/disk.full", {"deleted": True})
    assert json.loads(run("notification", "event-type", "info", "disk.full").stdout) == CUSTOM
    assert (
        run("notification", "event-type", "delete", "disk.full").stderr == "✓ Event type deleted: disk.full\n"
    )
