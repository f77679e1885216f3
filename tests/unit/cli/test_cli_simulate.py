"""backend.ai notification simulate."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.rules import ID
from tests.unit.cli.verdicts import page, verdict

Run = Callable[..., Any]
PATH = "/notifications/simulations"
COMMAND = ("notification", "simulate", "session.started")
PROBLEM = {"type": "t", "title": "Bad Request."}


def test_it_asks_the_service(service: Any, run: Run) -> None:
    """The fields go to the service, which tells what each rule makes of them."""
    service.answers("POST", PATH, page(verdict("fires", 1), verdict("unmet", 2)))
    result = run(*COMMAND, "--data", '{"a": 1}', "--at", "2026-01-15T10:30:00+09:00")
    assert result.exit_code == 0
    assert service.last["body"] == {
        "rule_type": "session.started",
        "notification_data": {"a": 1},
        "timestamp": "2026-01-15T10:30:00+09:00",
        "limit": 1000,
    }
    assert result.stdout.startswith("fires      Rule 1 → ops\nunmet      Rule 2 → ops  session_type is ")


def test_nothing_fires(service: Any, run: Run) -> None:
    """The exit code is 3 if no rule fires, or if there is none."""
    service.answers("POST", PATH, page(verdict("unmet"), status="unmatched"))
    assert run(*COMMAND, "--sample").exit_code == 3
    assert service.last["body"] == {"rule_type": "session.started", "sample": True, "limit": 1000}
    service.answers("POST", PATH, page(status="unmatched"))
    result = run(*COMMAND, "--sample")
    result = run(*COMMAND, "--sample")
    assert (result.exit_code, result.stdout) == (3, "No rules of this event type\n")


def test_drafts_go_along(service: Any, run: Run, tmp_path: Path) -> None:
    """The rules of a draft go with the event, and a fault in them is told with file, line and key."""
    path = tmp_path / "draft.yaml"
    path.write_text("name: d\nchannel: ops\nmessage_template: '{{'\n")
    service.answers("POST", PATH, page(verdict("fires", draft=True, notes=["left out"])))
    result = run(*COMMAND, "--sample", "-f", str(path))
    assert service.last["body"]["rules"] == [{"name": "d", "channel": "ops", "message_template": "{{"}]
    assert result.stdout.startswith("fires      Rule 0 (draft) → ops\n")
    service.answers("POST", PATH, PROBLEM | {"msg": "rules.0.message_template: line 1: no"}, status=400)
    run(*COMMAND, "--sample", "-f", str(path))
    result = run(*COMMAND, "--sample", "-f", str(path))
    assert (result.exit_code, result.stderr) == (1, f"✗ {path}:3: message_template: line 1: no\n")


def test_one_rule_and_json(service: Any, run: Run) -> None:
    """One rule may be asked for, and everything printed as JSON."""
    service.answers("POST", PATH, page(verdict("observes")))
    result = run(*COMMAND, "--sample", "--rule", ID, "--json")
    assert service.last["body"]["rule_ids"] == [ID]
    assert (result.exit_code, json.loads(result.stdout)["rules"][0]["verdict"]) == (0, "observes")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("notification", "simulate"), 2),
        (COMMAND, 2),
        ((*COMMAND, "--sample", "--data", "{}"), 1),
        ((*COMMAND, "--data", "{"), 1),
        ((*COMMAND, "--sample", "--at", "soon"), 2),
        ((*COMMAND, "--tests", __file__), 2),
        (("notification", "simulate", "--tests", __file__, "--all"), 2),
    ],
)
def test_wrong_calls(service: Any, run: Run, args: tuple[str, ...], code: int) -> None:
    """A call that says too little or too much asks for nothing."""
    assert run(*args).exit_code == code
    assert service.requests == []


def test_refusals(service: Any, run: Run) -> None:
    """What the service refuses is a failure, and not the answer that nothing fires."""
    told = "rule_type: 'sesion' is not an event type; the nearest is 'session.started'"
    service.answers("POST", PATH, PROBLEM | {"msg": told}, status=400)
    result = run("notification", "simulate", "sesion", "--sample")
    assert (result.exit_code, result.stderr) == (1, f"✗ {told.replace('rule_type', 'RULE_TYPE')}\n")
