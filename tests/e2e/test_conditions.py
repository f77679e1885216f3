"""Conditions on the deployed stack: from a clause on the command line to who gets which event."""

import json
from typing import Any

import pytest

from local.receiver import Receiver
from local.waiting import until
from tests.e2e.test_dispatch import SESSION, emit
from tests.stack.cli import Cli

pytestmark = pytest.mark.usefixtures("fresh_configuration")

TEMPLATE = '"{{ session_type }}"'


def ended(cli: Cli, event_id: str) -> dict[str, Any]:
    """Wait until an event is dispatched to its end, and return it."""

    def found() -> dict[str, Any] | None:
        event = cli.event(event_id)
        return event if event and event["status"] != "dispatching" else None

    return until("the event ends", found)


def test_a_rule_sends_the_events_that_meet_its_condition(cli: Cli, receiver: Receiver) -> None:
    """Of two events, the one is sent whose fields meet the clauses; the other is unmatched and says why."""
    where = ("--where", "session_type=batch", "--where", "!session_name")
    cli.rule("session.started", cli.channel(receiver.url), TEMPLATE, *where)
    told = ended(cli, emit(cli))
    assert (told["status"], told["reason"]) == ("unmatched", "no condition met (0 of 1 rule)")
    assert ended(cli, emit(cli, data=SESSION | {"session_type": "batch"}))["status"] == "dispatched"
    assert [got.text for got in receiver.wait_for(1)] == ['"batch"']


def test_clauses_that_are_shown_can_be_given_again(cli: Cli) -> None:
    """A rule is shown with clauses that make the same condition, validated, and freed of it."""
    clauses = ["status=RUNNING,ERROR", 'session_name!="a, b"*', "context.duration_seconds>=60", "session_id"]
    where = [option for clause in clauses for option in ("--where", clause)]
    rule_id = cli.rule("session.started", cli.channel("https://receiver.example.com/hook"), TEMPLATE, *where)
    shown = cli.json("rule", "info", rule_id)
    assert shown["where"] == clauses
    assert "".join(f"Where: {clause}\n" for clause in clauses) in cli.run("rule", "list").out
    pattern = json.dumps(shown["condition"])
    assert cli.run("rule", "update", rule_id, "--condition", pattern).code == 0
    assert cli.json("rule", "info", rule_id)["where"] == clauses
    tried = cli.run("rule", "validate", rule_id, "--data", json.dumps(SESSION))
    assert "! The rule does not fire for such an event: context.duration_seconds is absent" in tried.err
    refused = cli.run("rule", "update", rule_id, "--where", "statsu=RUNNING")
    assert (refused.code, "the nearest is 'status'" in refused.err) == (1, True)
    assert cli.run("rule", "update", rule_id, "--no-where").code == 0
    freed = cli.json("rule", "info", rule_id)
    assert (freed["condition"], freed["where"]) == (None, None)
