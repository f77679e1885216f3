"""The OpenAPI document says what a reader, and a generated client, needs to know."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from notifications.api import openapi
from tools.openapi.operations import TAGS

DOCUMENT = openapi.document()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = {
    operation["operationId"]: (path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for operation in operations.values()
}
ITSELF = "get_openapi"
"""The operation whose response is the document: it has no example."""


def media() -> Iterator[Any]:
    """List where a body is described, with what it belongs to."""
    for name, (_, operation) in OPERATIONS.items():
        if "requestBody" in operation:
            yield pytest.param(operation["requestBody"], id=f"request of {name}")
        if name != ITSELF:
            yield pytest.param(next(iter(operation["responses"].values())), id=f"answer of {name}")
    for name, response in DOCUMENT["components"]["responses"].items():
        yield pytest.param(response, id=name)


def test_ids_are_names_that_say_which_api() -> None:
    """Each operation has a name of its own; those of Backend.AI's v2 routes begin with ``v2_``."""
    assert len(OPERATIONS) == sum(len(operations) for operations in DOCUMENT["paths"].values())
    for name, (path, _) in OPERATIONS.items():
        assert re.fullmatch(r"(v2_)?[a-z]+(_[a-z]+)+", name)
        assert name.startswith("v2_") == path.startswith("/v2/")


def test_operations_are_described() -> None:
    """Each operation has a known tag, a summary without a full stop and a description with one."""
    assert [tag["name"] for tag in DOCUMENT["tags"]] == list(TAGS)
    used = set()
    for name, (_, operation) in OPERATIONS.items():
        (tag,) = operation["tags"]
        used.add(tag)
        assert re.fullmatch(r"[A-Z].*[^.]", operation["summary"]), name
        assert re.fullmatch(r"[A-Z].*\.", operation["description"]), name
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (name, parameter)
        for response in operation["responses"].values():
            assert "$ref" in response or response["description"], name
    assert used == set(TAGS)


def test_schemas_are_described() -> None:
    """Each schema has its name as title, and it and its fields have a description that is a sentence."""
    for name, schema in SCHEMAS.items():
        assert schema["title"] == name
        assert re.fullmatch(r"[A-Z].*\.", schema["description"]), name
        for field, part in schema.get("properties", {}).items():
            assert re.fullmatch(r"[A-Z].*\.", part["description"]), (name, field)
            assert "``" not in part["description"]


def test_times_have_a_format() -> None:
    """Each field that is a moment says so; so does each query parameter."""
    for name, schema in SCHEMAS.items():
        for field, part in schema.get("properties", {}).items():
            is_time = field in {"as_of", "at", "timestamp", "since", "until"} or field.endswith("_at")
            assert ("date-time" in str(part)) == is_time, (name, field)
    for _, operation in OPERATIONS.values():
        for parameter in operation.get("parameters", ()):
            is_time = parameter["name"] in {"since", "until"}
            assert (parameter["schema"].get("format") == "date-time") == is_time


@pytest.mark.parametrize("described", list(media()))
def test_examples_fit(described: dict[str, Any]) -> None:
    """Each body has examples, and they fit its schema."""
    ((_, content),) = described["content"].items()
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert content["examples"]
    for example in content["examples"].values():
        validator.validate(example["value"])


def test_a_false_example_is_found() -> None:
    """An example whose id is no UUID does not fit."""
    schema = {"$ref": "#/components/schemas/V2ById", "components": DOCUMENT["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert not validator.is_valid({"id": "8d1c"})
