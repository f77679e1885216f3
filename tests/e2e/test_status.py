"""The deployed stack's status at a glance, and its webhooks posted again to a receiver under development."""

import json
import signal
import subprocess
from typing import Any

import pytest

from local.common import ROOT
from local.receiver import Receiver, Reply
from local.stack import Stack
from local.waiting import until
from tests.e2e.test_conditions import ended
from tests.e2e.test_dispatch import emit
from tests.stack.cli import Cli

pytestmark = pytest.mark.usefixtures("fresh_configuration")

TEMPLATE = '{"text": "{{ session_id }}"}'


def test_status(cli: Cli, receiver: Receiver) -> None:
    """What was delivered and what failed is counted, and the channel that failed is what is not well."""
    with Receiver(lambda _: Reply(status=500)) as broken:
        good = cli.channel(receiver.url, name="good")
        bad = cli.channel(broken.url, "--retry", "none", name="bad")
        for channel in (good, bad):
            cli.rule("session.started", channel, TEMPLATE)
        assert ended(cli, emit(cli))["status"] == "dispatched"
    found = until("it is counted", lambda: _counted(cli, good), 30)
    channels = {channel["name"]: channel for channel in found["channels"]}
    assert (channels["bad"]["state"], channels["good"]["state"]) == ("failing", "active")
    assert channels["bad"]["deliveries"]["hour"] == {"failed": 1}
    assert channels["good"]["last_success_at"] is not None
    assert any("The channel bad is failing" in problem for problem in found["problems"])
    assert {queue["name"]: queue["waiting"] for queue in found["queues"]}["dead_hints"] == 0
    assert cli.run("status").code == 3


def test_the_ages_of_queues(cli: Cli, stack: Stack) -> None:
    """The local stack measures what SQS measures on AWS: how old the oldest message of a queue is."""
    sqs, url = stack.client("sqs"), stack.resources()["HintDeadLetterQueue"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    try:
        aged = until("its message is older than a second", lambda: _aged(cli, "dead_hints"), 30)
    finally:
        sqs.purge_queue(QueueUrl=url)
    assert (aged["waiting"], aged["age_measured_at"] is None) == (1, False)
    assert _queue(cli, "dead_hints")["oldest_age_seconds"] == 0


def _queue(cli: Cli, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(cli.run("status", "-o", "json").out)["queues"]
    return next(queue for queue in found if queue["name"] == name)


def _aged(cli: Cli, name: str) -> dict[str, Any] | None:
    found = _queue(cli, name)
    return found if (found["oldest_age_seconds"] or 0) > 1 else None


def _counted(cli: Cli, channel_id: str) -> dict[str, Any] | None:
    found: dict[str, Any] = json.loads(cli.run("status", "-o", "json").out)
    counts = {channel["id"]: channel["deliveries"]["hour"] for channel in found["channels"]}
    return found if counts.get(channel_id) == {"delivered": 1} else None


def test_listen(cli: Cli, receiver: Receiver) -> None:
    """A webhook is posted again to the receiver under development, with its id and another signature."""
    channel = cli.channel(receiver.url)
    cli.rule("session.started", channel, TEMPLATE)
    with Receiver() as hook:
        command = [str(ROOT / "backend.ai"), "notification", "listen", "--forward-to", f"{hook.url}/dev"]
        with subprocess.Popen(command, env=cli.env, stderr=subprocess.PIPE, text=True) as listening:
            assert listening.stderr is not None
            told = [listening.stderr.readline() for _ in range(2)]
            assert told[1] == "✓ Listening from now on\n"
            positions = cli.directory / ".config" / "backend.ai-notification" / "listen"
            until("it stands somewhere", lambda: [*positions.glob("*.env")], 30)
            emit(cli)
            (sent,) = receiver.wait_for(1)
            (again,) = hook.wait_for(1)
            listening.send_signal(signal.SIGINT)
            assert listening.wait(30) == 130
    assert (again.body, again.headers["webhook-id"]) == (sent.body, sent.headers["webhook-id"])
    assert again.headers["webhook-signature"] != sent.headers["webhook-signature"]
