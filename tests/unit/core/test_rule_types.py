"""The built-in rule types are those of section 6 of the wire contract."""

import pytest

from notifications.core.rule_types import STOCK

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
    """A rule type has the contract's fields and refuses all others."""
    event_type = STOCK[rule_type]
    assert event_type.fields == {name for of_type, name, *_ in FIELDS if of_type == rule_type}
    assert event_type.json_schema["type"] == "object"
    assert event_type.json_schema["additionalProperties"] is False
