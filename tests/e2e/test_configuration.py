"""Configuration as code on the deployed stack, as an operator applies it."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.common import ROOT
from local.receiver import Receiver
from local.stack import Stack
from tests.stack.cli import Cli

pytestmark = pytest.mark.usefixtures("fresh_configuration")

BUSY = 4
ENV = {"WORD": "word", "TOKEN": "Tr0ub4dor-and-3"}
LEASE = {"pk": {"S": "SET#prod"}, "sk": {"S": "LEASE"}}
WEEKLY = "sun 03:00-04:00 UTC"
RULES = 30
APPLY_SECONDS = 100.0


def document(url: str, rules: int) -> str:
    """Write a file with a channel and so many rules, as JSON."""
    rule = {
        "rule_type": "session.started",
        "channel": "hook",
        "where": ["session_type=batch"],
        "message_template": '{"text": "${env:WORD} {{ session_id }}"}',
    }
    return json.dumps(
        {
            "set": "prod",
            "channels": {"hook": {"spec": {"url": url, "headers": {"Authorization": "Bearer ${env:TOKEN}"}}}},
            "rules": {f"rule-{number}": rule for number in range(rules)},
            "mutes": {"quiet": {"reason": "backup", "rule_type": "session.failed", "weekly": [WEEKLY]}},
            "tests": [
                {
                    "name": "a sample of a batch session is told",
                    "event": {"rule_type": "session.started", "sample": True},
                    "fires": [f"rule-{number}" for number in range(rules)],
                }
            ],
        }
    )


def test_a_file_as_it_lives(cli: Cli, receiver: Receiver) -> None:
    """A file is planned, tested, applied, applied again, changed, exported, and emptied."""
    file = cli.directory / "prod.json"
    file.write_text(document(receiver.url, 3))
    plan = cli.run("config", "plan", "prod.json", "--detailed-exitcode", **ENV)
    assert (plan.code, "5 to create, 0 to change, 0 to delete" in plan.out) == (2, True), plan
    assert cli.run("config", "test", "prod.json", **ENV).code == 0
    assert cli.run("config", "apply", "prod.json", "--yes", **ENV).code == 0
    assert cli.run("config", "plan", "prod.json", "--detailed-exitcode", **ENV).code == 0
    exported = cli.run("config", "export", "--set", "prod")
    (cli.directory / "out.yaml").write_text(exported.out)
    own = {"HOOK_AUTHORIZATION": f"Bearer {ENV['TOKEN']}"}
    assert cli.run("config", "plan", "out.yaml", "--detailed-exitcode", **own).code == 0
    file.write_text(document(receiver.url, 2))
    assert cli.run("config", "apply", "prod.json", "--yes", **ENV).code == 0
    assert len(cli.json("rule", "list", "-o", "json")) == 2
    assert "Tr0ub4dor" not in plan.out + plan.err + exported.out + exported.err


@contextmanager
def applying(cli: Cli, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Apply the file in a process."""
    command = [str(ROOT / "backend.ai"), "notification", "config", "apply", "prod.json", "--yes"]
    with subprocess.Popen(command, cwd=cli.directory, env=cli.env | env, stdout=-1, stderr=-1) as process:
        try:
            yield process
        finally:
            process.kill()


def test_two_at_once(cli: Cli, receiver: Receiver) -> None:
    """Whatever comes of two applies at the same time, one succeeds, and nothing is there twice."""
    (cli.directory / "prod.json").write_text(document(receiver.url, RULES))
    with applying(cli, **ENV) as first, applying(cli, **ENV) as second:
        codes = {process.wait(APPLY_SECONDS) for process in (first, second)}
    # Who plans while the other writes is told to plan again, who comes after that has nothing to do.
    assert 0 in codes
    assert codes <= {0, 1, BUSY}
    assert cli.run("config", "plan", "prod.json", "--detailed-exitcode", **ENV).code == 0
    assert len(cli.json("rule", "list", "--limit", "all", "-o", "json")) == RULES


def test_one_that_is_told_who_the_other_is(cli: Cli, stack: Stack, receiver: Receiver) -> None:
    """While somebody else has the set, an apply ends with 4, says who that is, and changes nothing."""
    (cli.directory / "prod.json").write_text(document(receiver.url, 1))
    times = {"since": "2026-01-15T10:30:00.000000Z", "until": "2999-01-15T10:31:00.000000Z"}
    who = {"holder": "x", "by_access_key": "AKIAOTHER", "by_user_id": "u", "by_name": "the night shift"}
    lease = LEASE | {name: {"S": text} for name, text in (times | who).items()}
    table, client = stack.outputs()["ConfigTableName"], stack.client("dynamodb")
    client.put_item(TableName=table, Item=lease)
    refused = cli.run("config", "apply", "prod.json", "--yes", **ENV)
    assert (refused.code, "the night shift applies the set 'prod' since" in refused.err) == (BUSY, True), (
        refused
    )
    client.delete_item(TableName=table, Key=LEASE)
    assert cli.run("config", "apply", "prod.json", "--yes", **ENV).code == 0
    assert "Item" not in client.get_item(TableName=table, Key=LEASE)
