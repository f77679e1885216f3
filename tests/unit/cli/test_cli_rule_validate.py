"""backend.ai notification rule validate."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.rules import ID, RULE, RULES

Run = Callable[..., Any]


def test_validate_with_a_sample(service: Any, run: Run) -> None:
    """--sample has the service make the fields, of the rule's own type."""
    service.answers("GET", f"{RULES}/{ID}?custom=true", {"rule": {**RULE, "rule_type": "disk.full"}})
    sample = {"rule_type": "disk.full", "notification_data": {"disk": "disk"}}
    service.answers("GET", "/notifications/event-types/disk.full/sample", sample)
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", {"message": "m"})
    assert run("notification", "rule", "validate", ID, "--sample").exit_code == 0
    assert service.last["body"] == {"notification_data": {"disk": "disk"}}


def test_validate_with_a_document(service: Any, run: Run) -> None:
    """A whole event document may stand for its fields."""
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", {"message": "m"})
    path = str(Path(__file__).parents[3] / "events" / "session_started.json")
    assert run("notification", "rule", "validate", ID, "--data-file", path).exit_code == 0
    assert service.last["body"]["notification_data"]["session_name"] == "train"


def test_validate_tells_that_nothing_is_sent(service: Any, run: Run) -> None:
    """An empty message is printed as it is, and a line says what that means."""
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", {"message": " "})
    result = run("notification", "rule", "validate", ID, "--data", "{}")
    assert (result.stdout, "nothing is sent" in result.stderr) == ("\nMessage:\n \n", True)


def test_validate_prints_the_message(service: Any, run: Run) -> None:
    """The rendered message is printed below its heading."""
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", {"message": '{"text": "grüezi"}'})
    result = run("notification", "rule", "validate", ID, "--data", '{"session_id": "test-123"}')
    assert result.stderr == f"✓ Rule validation successful: {ID}\n"
    assert result.stdout == '\nMessage:\n{"text": "grüezi"}\n'
    assert service.last["body"] == {"notification_data": {"session_id": "test-123"}}


@pytest.mark.parametrize("data", ["{", "[1]", '"text"', '{"a": NaN}', "[" * 100_000])
def test_validate_needs_a_json_object(service: Any, run: Run, data: str) -> None:
    """Data that is not a JSON object is refused here, without a request."""
    result = run("notification", "rule", "validate", ID, "--data-file", "-", stdin=data)
    assert (result.exit_code, service.requests) == (1, [])
    assert result.stderr.startswith("✗ Invalid JSON data: ")


def test_validate_shows_each_error(service: Any, run: Run) -> None:
    """Errors in the data are listed with their place."""
    errors = [
        {"type": "missing", "loc": ["status"], "msg": "Field required"},
        {"type": "extra", "loc": "stat", "msg": "Not permitted"},
    ]
    problem = {"type": "t", "title": "Schema validation failed", "data": {"errors": errors}}
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", problem, status=400)
    result = run("notification", "rule", "validate", ID, "--data", "{}")
    assert result.exit_code == 1
    assert result.stderr == "✗ Schema validation failed\n  status: is missing\n  stat: Not permitted\n"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("body.name: Too long; body.url: Field required", "name: Too long\n  url: is missing\n"),
        (
            "It does not fit: body.name: Too long; body.url: Field required",
            "It does not fit: name: Too long\n  url: is missing\n",
        ),
        ("body.name: Too long", "name: Too long\n  url: is missing\n"),
        (
            "spec.body.name: Too long; body.url: Field required here",
            "spec.name: Too long\n  url: Field required here\n  name: Too long\n  url: is missing\n",
        ),
    ],
)
def test_errors_of_the_message_are_shown_once(service: Any, run: Run, message: str, told: str) -> None:
    """Only errors that the message does not list itself follow it; another field's error is not the same."""
    errors = [
        {"loc": ["body", "name"], "msg": "Too long"},
        {"loc": ["body", "url"], "msg": "Field required"},
    ]
    problem = {"type": "t", "title": "Bad", "msg": message, "data": {"errors": errors}}
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", problem, status=400)
    result = run("notification", "rule", "validate", ID, "--data", "{}")
    assert (result.exit_code, result.stderr) == (1, f"✗ {told}")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ({"fires": True, "reason": None}, ""),
        (
            {"fires": True, "reason": "a is 1, needed: 1"},
            "✓ The rule fires for such an event: a is 1, needed: 1\n",
        ),
        (
            {"fires": False, "reason": "a is 2, needed: 1"},
            "! The rule does not fire for such an event: a is 2, needed: 1\n",
        ),
        ({}, ""),
    ],
)
def test_validate_says_whether_the_rule_fires(
    service: Any, run: Run, reply: dict[str, Any], told: str
) -> None:
    """Validating says on standard error whether the condition is met; what is on standard output stays."""
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", {"message": "hello"} | reply)
    result = run("notification", "rule", "validate", ID, "--data", "{}")
    assert (result.exit_code, result.stdout) == (0, "\nMessage:\nhello\n")
    assert result.stderr == f"✓ Rule validation successful: {ID}\n{told}"
