"""backend.ai notification rule."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ID = "660e8400-e29b-41d4-a716-446655440000"
CHANNEL = "550e8400-e29b-41d4-a716-446655440000"
RULES = "/notifications/rules"
RULE = {"id": ID, "name": "Started", "rule_type": "session.started", "enabled": True, "description": "d"}
CREATE = ("notification", "rule", "create", "Started", "session.started", CHANNEL)
TEMPLATE = '{"text": "Session {{ session_id }} started"}'
Run = Callable[..., Any]


@pytest.mark.parametrize("source", ["option", "file", "stdin"])
def test_create(service: Any, run: Run, tmp_path: Path, source: str) -> None:
    """A template arrives as written from the option, a file or standard input."""
    file = tmp_path / "t.json"
    file.write_text(TEMPLATE)
    given = {"option": ["--template", TEMPLATE], "file": ["--template-file", str(file)]}
    service.answers("POST", f"{RULES}?custom=true", {"rule": RULE}, status=201)
    result = run(*CREATE, *given.get(source, ["--template-file", "-"]), stdin=TEMPLATE)
    assert (result.exit_code, result.stderr) == (0, f"✓ Rule created: {ID}\n")
    assert json.loads(result.stdout) == RULE
    assert service.last["body"] == {
        "name": "Started",
        "rule_type": "session.started",
        "channel_id": CHANNEL,
        "message_template": TEMPLATE,
    }


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ([], 1, "✗ Must specify either --template or --template-file\n"),
        (
            ["--template", "a", "--template-file", "-"],
            1,
            "✗ Cannot specify both --template and --template-file\n",
        ),
        (["--template-file", "missing.json"], 2, "File 'missing.json' does not exist"),
    ],
)
def test_create_refuses(service: Any, run: Run, args: list[str], code: int, message: str) -> None:
    """A wrong call says what is wrong and sends nothing."""
    result = run(*CREATE, *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert message in result.stderr


def test_file_that_is_not_text(service: Any, run: Run, tmp_path: Path) -> None:
    """A template file that is not UTF-8 is refused by name."""
    file = tmp_path / "t.bin"
    file.write_bytes(b"\xff\xfe")
    result = run(*CREATE, "--template-file", str(file))
    assert (result.exit_code, result.stderr) == (1, f"✗ {file} is not UTF-8 text\n")
    assert service.requests == []


def test_nested_single_quotes_are_explained(service: Any, run: Run) -> None:
    """The guide's artifact example falls apart in the shell: the error says why and what to do."""
    line = (
        "--template '{\"text\": \"Artifact {{ artifact_name }} {{ 'successfully' if success else "
        "'failed to be' }} downloaded from {{ registry_type }}\"}'"
    )
    result = run(*CREATE, *shlex.split(line))
    assert (result.exit_code, service.requests) == (2, [])
    assert "Got 2 surplus arguments, the first is 'to'." in result.stderr
    assert "single quote" in result.stderr
    assert "backend.ai notification rule create ... --template-file - <<'EOF'" in result.stderr


@pytest.mark.parametrize(
    ("command", "file_option"),
    [
        (["rule", "update", ID], "--template-file"),
        (["rule", "validate", ID], "--data-file"),
        (["channel", "validate", ID], "--data-file"),
        (["channel", "update", ID], "--spec-file"),
        (["event", "emit", "session.started"], "--data-file"),
    ],
)
def test_surplus_arguments_point_to_the_file_option(run: Run, command: list[str], file_option: str) -> None:
    """Every command with a quoted text explains surplus arguments with its own file option."""
    result = run("notification", *command, "one", "two", "three")
    assert result.exit_code == 2
    assert "Got 3 surplus arguments, the first is 'one'." in result.stderr
    assert f"{file_option} - <<'EOF'" in result.stderr


def test_update(service: Any, run: Run) -> None:
    """The guide's example changes the template and enables the rule."""
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    update = ("notification", "rule", "update", ID)
    result = run(*update, "--message-template", TEMPLATE, "--enable")
    assert (result.exit_code, result.stderr) == (0, f"✓ Rule updated: {ID}\n")
    assert service.last["body"] == {"message_template": TEMPLATE, "enabled": True}


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ([ID], 1, "✗ Nothing to update"),
        ([ID, "--enable", "--disable"], 2, "cannot be used together"),
        (["7", "--enable"], 1, "✗ '7' is not a rule ID: expected a UUID like"),
        (
            [ID, "--message-template", "a", "--template-file", "-"],
            1,
            "✗ Cannot specify both --message-template and --template-file\n",
        ),
    ],
)
def test_update_refuses(service: Any, run: Run, args: list[str], code: int, message: str) -> None:
    """A wrong update says what is wrong and sends nothing."""
    result = run("notification", "rule", "update", *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert message in result.stderr


def test_list_filters(service: Any, run: Run) -> None:
    """The filters are passed on as given, and rules on custom types are asked for."""
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [RULE], "pagination": {"total": 1}})
    filters = ("--enabled-only", "--rule-types", "session.started", "--rule-types", "Session.TERMINATED")
    result = run("notification", "rule", "list", *filters)
    assert (
        result.stdout
        == f"ID: {ID}\nName: Started\nType: session.started\nEnabled: True\nDescription: d\n---\n"
    )
    assert service.last["body"]["filter"] == {
        "enabled": True,
        "rule_types": ["session.started", "Session.TERMINATED"],
    }


def test_list_of_nothing(service: Any, run: Run) -> None:
    """An empty list says so; without filters none is sent."""
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [], "pagination": {"total": 0}})
    assert run("notification", "rule", "list").stdout == "No rules found\n"
    assert service.last["body"]["filter"] == {}


def test_info_and_delete(service: Any, run: Run) -> None:
    """Info prints JSON, delete a status line."""
    service.answers("GET", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    service.answers("DELETE", f"{RULES}/{ID}?custom=true", {"deleted": True})
    assert json.loads(run("notification", "rule", "info", ID).stdout) == RULE
    result = run("notification", "rule", "delete", ID)
    assert (result.stdout, result.stderr) == ("", f"✓ Rule deleted: {ID}\n")


def test_force(service: Any, run: Run) -> None:
    """--force saves a template whatever it makes of a sample; the query stays in the order that is signed."""
    service.answers("POST", f"{RULES}?custom=true&force=true", {"rule": RULE})
    service.answers("PATCH", f"{RULES}/{ID}?custom=true&force=true", {"rule": RULE})
    assert run("notification", "rule", "create", "n", "t", ID, "--template", "x", "--force").exit_code == 0
    assert run("notification", "rule", "update", ID, "--message-template", "x", "--force").exit_code == 0


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
    assert result.stderr == "✗ Schema validation failed\n  status: Field required\n  stat: Not permitted\n"


@pytest.mark.parametrize(
    ("message", "more"),
    [
        ("body.name: Too long; body.url: Field required", ""),
        ("It does not fit: body.name: Too long; body.url: Field required", ""),
        ("body.name: Too long", "  body.url: Field required\n"),
        (
            "spec.body.name: Too long; body.url: Field required here",
            "  body.name: Too long\n  body.url: Field required\n",
        ),
    ],
)
def test_errors_of_the_message_are_shown_once(service: Any, run: Run, message: str, more: str) -> None:
    """Only errors that the message does not list itself follow it; another field's error is not the same."""
    errors = [
        {"loc": ["body", "name"], "msg": "Too long"},
        {"loc": ["body", "url"], "msg": "Field required"},
    ]
    problem = {"type": "t", "title": "Bad", "msg": message, "data": {"errors": errors}}
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", problem, status=400)
    result = run("notification", "rule", "validate", ID, "--data", "{}")
    assert (result.exit_code, result.stderr) == (1, f"✗ {message}\n{more}")


PATTERN = {"status": ["ERROR", {"prefix": "FAIL"}]}
CONDITIONS: list[tuple[list[str], dict[str, Any]]] = [
    (["--where", "status=ERROR", "--where", "exit_code>0"], {"where": ["status=ERROR", "exit_code>0"]}),
    (["--condition", json.dumps(PATTERN)], {"condition": PATTERN}),
    (["--condition-file", "-"], {"condition": PATTERN}),
]


@pytest.mark.parametrize(("args", "sent"), CONDITIONS)
def test_conditions_are_sent_as_they_are_spelled(
    service: Any, run: Run, args: list[str], sent: dict[str, Any]
) -> None:
    """Clauses and patterns go to the service as they are given, which is the one to read them."""
    service.answers("POST", f"{RULES}?custom=true", {"rule": RULE}, status=201)
    assert run(*CREATE, "--template", "a", *args, stdin=json.dumps(PATTERN)).exit_code == 0
    created = service.last["body"]
    assert {name: created.get(name) for name in sent} == sent
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    assert run("notification", "rule", "update", ID, *args, stdin=json.dumps(PATTERN)).exit_code == 0
    assert service.last["body"] == sent


def test_a_condition_is_removed(service: Any, run: Run) -> None:
    """Without a condition a rule sends all events of its type."""
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    assert run("notification", "rule", "update", ID, "--no-where").exit_code == 0
    assert service.last["body"] == {"condition": {}}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--where", "a", "--condition", "{}"], "✗ Cannot specify both --where and --condition\n"),
        (["--where", "a", "--no-where"], "✗ Cannot specify both --where and --no-where\n"),
        (["--condition", "{}", "--condition-file", "-"], "✗ Cannot specify both --condition and"),
        (["--condition", "[1]"], "✗ Invalid JSON condition: expected an object like {...}\n"),
    ],
)
def test_conditions_are_given_in_one_way(service: Any, run: Run, args: list[str], message: str) -> None:
    """A condition that is given twice, or that is no JSON object, is refused and nothing is sent."""
    result = run("notification", "rule", "update", ID, *args)
    assert (result.exit_code, service.requests) == (1, [])
    assert result.stderr.startswith(message)


def test_a_list_shows_conditions(service: Any, run: Run) -> None:
    """A rule with a condition has a line for each clause, or one with the pattern; others have none."""
    spelled = RULE | {"condition": {"a": ["x"], "b": [1]}, "where": ["a=x", "b=1"]}
    pattern = RULE | {"condition": {"a": [{"exists": True}]}, "where": None}
    pagination = {"total": 3, "offset": 0, "limit": 100}
    service.answers(
        "POST", f"{RULES}/search?custom=true", {"rules": [RULE, spelled, pattern], "pagination": pagination}
    )
    plain, first, second, _ = run("notification", "rule", "list").stdout.split("---\n")
    assert plain.endswith("Description: d\n")
    assert first == f"{plain}Where: a=x\nWhere: b=1\n"
    assert second == f'{plain}Condition: {{"a": [{{"exists": true}}]}}\n'


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
