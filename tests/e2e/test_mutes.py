"""On the deployed stack: what a mute keeps back, and how it is sent after all, by command."""

import json
from typing import Any

import pytest

from local.receiver import Receiver
from local.waiting import until
from tests.e2e.test_conditions import ended
from tests.e2e.test_dispatch import emit
from tests.stack.cli import Cli

pytestmark = pytest.mark.usefixtures("fresh_configuration")

TEMPLATE = '{"text": "{{ session_id }}"}'


def mute(cli: Cli, *options: str) -> str:
    """Create a mute for two hours; return its id."""
    return cli.made("mute", "create", "--reason", "tried out", "--for", "2h", *options)


def explained(cli: Cli, event_id: str) -> dict[str, Any]:
    """Explain an event of one rule, once it has a delivery."""
    assert ended(cli, event_id)["status"] == "dispatched"
    ran = cli.run("event", "explain", event_id, "--json")
    assert ran.code == 3, "nothing fires"
    (verdict,) = json.loads(ran.out)["rules"]
    told: dict[str, Any] = verdict
    return told


def test_held_until_the_mute_ends(cli: Cli, receiver: Receiver) -> None:
    """Nothing is sent while the mute is in force; when it is ended, the same message is."""
    channel = cli.channel(receiver.url)
    cli.rule("session.started", channel, TEMPLATE)
    muted = mute(cli, "--channel", channel, "--hold")
    event_id = emit(cli)
    told = explained(cli, event_id)
    assert (told["verdict"], told["mute"]["id"], told["delivery"]["status"]) == ("muted", muted, "held")
    assert cli.json("mute", "info", muted)["suppressed"] == 1
    assert receiver.received == []
    ran = cli.run("mute", "end", muted)
    assert "✓ Deliveries that it held, and that are sent now: 1\n" in ran.err
    (request,) = receiver.wait_for(1)
    assert request.headers["webhook-id"].startswith(f"{event_id}_")
    until("none is held", lambda: cli.json("mute", "info", muted)["suppressed"] == 0)
    assert cli.run("audit", "list", "--kind", "mute").out.count("Name: tried out\n") == 2


def test_skipped_and_retried(cli: Cli, receiver: Receiver) -> None:
    """What was skipped is listed by its mute, and sent again by it, also while the mute is in force."""
    channel = cli.channel(receiver.url)
    cli.rule("session.started", channel, TEMPLATE)
    muted = mute(cli, "--where", "status=RUNNING", "--rule-type", "session.started")
    event_id = emit(cli)
    assert explained(cli, event_id)["delivery"]["status"] == "skipped"
    listed = until("the index has it", lambda: cli.run("delivery", "list", "--mute", muted, "-q").out)
    assert listed.startswith(f"{event_id}_")
    dry = cli.run("delivery", "retry", "--mute", muted, "--dry-run")
    assert "1 delivery would be retried" in dry.err
    assert receiver.received == []
    assert cli.run("delivery", "retry", "--mute", muted, "--yes").code == 0
    receiver.wait_for(1)
    assert cli.run("mute", "end", muted).code == 0
