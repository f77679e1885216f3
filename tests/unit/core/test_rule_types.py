"""The built-in rule types are those of section 6 of the wire contract."""

import json

import pytest

from local.common import ROOT
from notifications.core.rule_types import STOCK, stock_schema

CONTRACT = {
    "session.started": "session_id* session_name session_type* cluster_mode* status*",
    "session.terminated": "session_id* session_name session_type* cluster_mode* status* termination_reason",
    "artifact.download.completed": (
        "artifact_id* artifact_name* artifact_type* registry_type* registry_id* version status* "
        "success*:boolean digest verification_result:object"
    ),
    "endpoint.lifecycle.changed": (
        "endpoint_id* endpoint_name* domain* project_id* resource_group* from_status to_status* "
        "transition_result* event_timestamp*"
    ),
}
"""The contract's own words: * is required, and a field is a string unless it says otherwise."""

FIELDS = [
    (rule_type, name.rstrip("*"), name.endswith("*"), json_type or "string")
    for rule_type, fields in CONTRACT.items()
    for name, _, json_type in (field.partition(":") for field in fields.split())
]


def test_rule_types_are_the_contracts() -> None:
    """The service knows the contract's four rule types, in its order, and marks them as built in."""
    assert list(STOCK) == list(CONTRACT)
    assert all(event_type.built_in for event_type in STOCK.values())


@pytest.mark.parametrize(("rule_type", "name", "required", "json_type"), FIELDS)
def test_field(rule_type: str, name: str, required: bool, json_type: str) -> None:  # noqa: FBT001
    """A field has the contract's type and a description; an optional one is nullable with default null."""
    schema = STOCK[rule_type].json_schema
    field = schema["properties"][name]
    assert field["description"]
    assert (name in schema["required"]) is required
    if required:
        assert field["type"] == json_type
        assert "default" not in field
    else:
        assert field["anyOf"] == [{"type": json_type}, {"type": "null"}]
        assert field["default"] is None


@pytest.mark.parametrize("rule_type", CONTRACT)
def test_no_other_fields(rule_type: str) -> None:
    """As Backend.AI's clients are shown it, a rule type has the contract's fields and refuses all others."""
    shown = stock_schema(STOCK[rule_type])
    assert shown["properties"].keys() == {name for of_type, name, *_ in FIELDS if of_type == rule_type}
    assert shown["type"] == "object"
    assert shown["additionalProperties"] is False


def test_the_clients_are_shown_the_very_same_schemas() -> None:
    """What Backend.AI's clients are shown of a type is, to the byte, what they were shown at first."""
    shown = [
        json.dumps({"rule_type": name, "json_schema": stock_schema(event_type)})
        for name, event_type in STOCK.items()
    ]
    recorded = (ROOT / "tests/data/stock-schemas.jsonl").read_text(encoding="utf-8")
    assert shown == recorded.splitlines()
