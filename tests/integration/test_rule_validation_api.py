"""A rule is rendered for data that somebody gives, and nothing is sent."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.cloud.gateway import call
from tests.integration.rules import (
    BAD_TEMPLATE,
    INVALID,
    RULES,
    UNKNOWN_RULE,
    create,
    create_channel,
    request,
)
from tests.samples.configuration import DOWNLOADED, STARTED

pytestmark = pytest.mark.usefixtures("cloud")


def test_validate() -> None:
    """A rule is rendered with sample data, absent optionals as null."""
    rule = create(message_template="[{{ session_id }}, {{ session_name }}, \"{{ session_name or 'N/A' }}\"]")
    answer = call("POST", f"{RULES}/{rule['id']}/validate", {"notification_data": STARTED})
    assert (answer.status, answer.json) == (200, {"message": '["6f1c", null, "N/A"]'})


@pytest.mark.parametrize("source", ["Session {{ session_id }}", "", '{"a": {{ session_id }},}'])
def test_a_template_that_never_makes_json(source: str) -> None:
    """A JSON channel's rule whose template makes no JSON is refused with the place, unless it is forced."""
    fields = request(channel_id=create_channel(), message_template=source)
    refused = call("POST", RULES, fields)
    assert refused.kind == BAD_TEMPLATE
    assert refused.json["msg"].startswith("With a sample of session.started: The message is ")
    forced = call("POST", f"{RULES}?force=true", fields)
    assert (forced.status, forced.json["rule"]["message_template"]) == (201, source)
    rule = create()
    path = f"{RULES}/{rule['id']}"
    assert call("PATCH", path, {"message_template": source}).kind == BAD_TEMPLATE
    assert call("GET", path).json["rule"] == rule
    assert call("PATCH", f"{path}?force=true", {"message_template": source}).status == 200
    assert call("PATCH", path, {"name": "another"}).status == 200
    assert call("PATCH", f"/v2{path}", {"message_template": source}).kind == BAD_TEMPLATE


def test_force_does_not_save_what_cannot_be_rendered() -> None:
    """A template that names no field, or does not parse, is refused in any case."""
    for source in ("{{ sesion_id }}", "{{"):
        fields = request(channel_id=create_channel(), message_template=source)
        assert call("POST", f"{RULES}?force=true", fields).kind == BAD_TEMPLATE


def test_validate_of_what_makes_nothing() -> None:
    """A template that makes nothing of the data is no failure: its message is empty."""
    rule = create(message_template=" {% if status == 'TERMINATED' %}{{ data }}{% endif %}")
    answer = call("POST", f"{RULES}/{rule['id']}/validate", {"notification_data": STARTED})
    assert (answer.status, answer.json) == (200, {"message": " "})


def test_validate_with_half_a_character() -> None:
    """Validating shows what the dispatcher would send: U+FFFD for half a surrogate pair."""
    rule = create(message_template="{{ session_id | upper }}")
    data = json.dumps({"notification_data": STARTED | {"session_id": "a\ud83d"}})
    answer = call("POST", f"{RULES}/{rule['id']}/validate", data)
    assert (answer.status, answer.json) == (200, {"message": '"A\ufffd"'})


def test_validate_with_wrong_data() -> None:
    """Sample data that does not fit is refused with each fault; no data at all counts as empty."""
    path = f"{RULES}/{create()['id']}/validate"
    bodies: list[dict[str, Any]] = [{}, {"notification_data": {}}]
    for body in bodies:
        answer = call("POST", path, body)
        assert answer.kind == (400, "schema-validation-failed", "backendai_parsing_invalid-parameters")
        assert [fault["loc"] for fault in answer.json["data"]["errors"]] == [[name] for name in STARTED]
    extra = call("POST", path, {"notification_data": {**STARTED, "more": 1}})
    assert extra.json["data"]["errors"][0].keys() == {"type", "loc", "msg"}
    assert call("POST", path, {"notification_data": None}).kind == INVALID


def test_validate_with_deep_data() -> None:
    """Deeply nested sample data gives a response to the caller's fault or none, never a failure."""
    rule = create(rule_type="artifact.download.completed", message_template="{{ verification_result }}")
    nested: Any = {}
    for _ in range(400):
        nested = {"a": nested}
    data = {"notification_data": {**DOWNLOADED, "verification_result": nested}}
    assert call("POST", f"{RULES}/{rule['id']}/validate", data).status in {200, 400}


@pytest.mark.parametrize(
    "source",
    [
        "{{ 1 / 0 }}",
        "{{ session_id.__init__.__globals__ }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_validate_of_a_failing_template(source: str) -> None:
    """A template that fails while it renders is told as that."""
    rule = create(message_template=source)
    answer = call("POST", f"{RULES}/{rule['id']}/validate", {"notification_data": STARTED})
    assert answer.kind == BAD_TEMPLATE


def test_validate_unknown() -> None:
    """An unknown rule cannot be validated."""
    assert call("POST", f"{RULES}/{uuid4()}/validate", {}).kind == UNKNOWN_RULE
