"""On the deployed stack: what is simulated is what is sent, and what is explained afterwards."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from local.receiver import Receiver
from tests.e2e.test_conditions import ended
from tests.e2e.test_dispatch import SESSION, emit
from tests.stack.cli import Cli

pytestmark = pytest.mark.usefixtures("fresh_configuration")

DATA = ("--data", json.dumps(SESSION))
TEMPLATE = '{"text": "{{ session_id }}"}'


def test_simulated_sent_explained(cli: Cli, receiver: Receiver) -> None:
    """Simulating sends nothing; the event then sends those bytes, and its explanation names rule and leaf."""
    channel = cli.channel(receiver.url)
    fires = cli.rule("session.started", channel, TEMPLATE)
    unmet = cli.rule("session.started", channel, TEMPLATE, "--where", "session_type=batch")
    simulated = cli.json("simulate", "session.started", *DATA, "--json")
    assert receiver.received == []
    verdicts = {rule["rule_id"]: rule["verdict"] for rule in simulated["rules"]}
    assert verdicts == {fires: "fires", unmet: "unmet"}
    event_id = emit(cli)
    assert ended(cli, event_id)["status"] == "dispatched"
    (request,) = receiver.wait_for(1)
    explained = cli.json("event", "explain", event_id, "--json")
    rules = {rule["rule_id"]: rule for rule in explained["rules"]}
    assert {rule_id: rule["verdict"] for rule_id, rule in rules.items()} == verdicts
    assert rules[fires]["sha256"] == sha256(request.body).hexdigest()
    assert rules[fires]["delivery"]["status"] == "delivered"
    assert cli.run("rule", "update", unmet, "--no-where").code == 0
    told = cli.run("event", "explain", event_id, "--rule", unmet)
    assert told.code == 3
    assert '  Needed: "batch"  (session_type=batch)\n' in told.out


def test_drafts_and_tests_in_files(cli: Cli, receiver: Receiver, tmp_path: Path) -> None:
    """A draft is tried before it is stored, and tests of it end with 0 or 3; nothing is sent or stored."""
    cli.channel(receiver.url, name="ops")
    draft = tmp_path / "draft.yaml"
    draft.write_text("name: Batch\nchannel: ops\ntemplate_file: m.j2\nwhere: [session_type=batch]\n")
    (tmp_path / "m.j2").write_text(TEMPLATE)
    assert cli.run("simulate", "session.started", *DATA, "-f", str(draft)).code == 3
    tests = tmp_path / "tests.yaml"
    batch = json.dumps(SESSION | {"session_type": "batch"})
    tests.write_text(
        f"tests:\n- name: batch\n  event: {{type: session.started, data: {batch}}}\n"
        "  fires: [Batch]\n  message: {contains: text}\n"
        f"- name: other\n  event: {{type: session.started, data: {json.dumps(SESSION)}}}\n  fires: [Batch]\n"
    )
    ran = cli.run("simulate", "--tests", str(tests), "-f", str(draft))
    assert ran.code == 3
    assert ran.out.startswith(
        "1..2\nok 1 - batch\nnot ok 2 - other: expected Batch; fired none; Batch is unmet"
    )
    assert (receiver.received, cli.run("rule", "list").out) == ([], "No rules found\n")
