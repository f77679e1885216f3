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
    assert run(*update).exit_code == 2
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
    service.answers("GET", f"{TYPES}/disk.full", {"event_type": {"name": "disk.full"}})
    service.answers("DELETE", f"{TYPES}/disk.full", {"deleted": True})
    assert json.loads(run("notification", "event-type", "info", "disk.full").stdout) == CUSTOM
    assert (
        run("notification", "event-type", "delete", "disk.full").stderr == "✓ Event type deleted: disk.full\n"
    )
