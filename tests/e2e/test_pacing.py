"""Pacing and operational events on the deployed stack."""

import json
import time
from contextlib import suppress
from itertools import pairwise

import pytest

from local.receiver import Received, Receiver, Reply
from local.stack import Stack
from tests.stack.cli import Cli

SESSION = {
    "session_id": "6f1c",
    "session_type": "interactive",
    "cluster_mode": "single-node",
    "status": "RUNNING",
}
MESSAGES = 12
LATE_SECONDS = 0.5
"""How late a message may arrive on a busy machine. Without pacing there are some milliseconds between two."""

SECONDS_BETWEEN = 5.0
TOLD_SECONDS = 180.0
"""A process may know for a minute that there is no rule; it may take another until the next event."""

pytestmark = pytest.mark.usefixtures("fresh_configuration")


def put(stack: Stack, count: int = 1) -> None:
    """Put events on the bus, all at once."""
    entry = {
        "EventBusName": stack.outputs()["EventBusName"],
        "Source": "backend.ai.manager",
        "DetailType": "session.started",
        "Detail": json.dumps(SESSION),
    }
    for start in range(0, count, 10):
        stack.client("events").put_events(Entries=[entry] * min(10, count - start))


def test_messages_of_a_paced_channel_come_one_by_one(stack: Stack, cli: Cli) -> None:
    """All come, and none sooner after another than the rate says, though several processes send them."""
    times: list[float] = []

    def note(_: Received) -> Reply:
        times.append(time.monotonic())
        return Reply()

    with Receiver(note) as receiver:
        channel_id = cli.channel(receiver.url, "--rate", "1/s")
        cli.rule("session.started", channel_id, '{"text": "{{ session_id }}"}')
        put(stack, MESSAGES)
        receiver.wait_for(3)
        waiting = cli.json("channel", "info", channel_id, "--output", "json")
        receiver.wait_for(MESSAGES)
    assert waiting["effective_rate"] == "1/s"
    assert waiting["paced_until"] is not None
    assert len(times) == MESSAGES
    # Times are those of arrival: on a busy machine one message is late, and the next is not.
    assert min(after - before for before, after in pairwise(times)) >= 1 - LATE_SECONDS
    assert times[-1] - times[0] >= MESSAGES - 1 - LATE_SECONDS


def test_operators_are_told(stack: Stack, cli: Cli, receiver: Receiver) -> None:
    """A delivery that fails for good makes an event that an ordinary rule delivers."""
    told = cli.channel(receiver.url, name="Operators")
    template = '{"channel": "{{ channel_name }}", "why": {{ reason | tojson }}}'
    cli.rule("notification.delivery.failed", told, template)
    with Receiver(lambda _: Reply(status=404)) as broken:
        cli.rule("session.started", cli.channel(broken.url, name="Broken"), '{"text": "t"}')
        ended = time.monotonic() + TOLD_SECONDS
        while not receiver.received and time.monotonic() < ended:
            put(stack)
            with suppress(TimeoutError):
                receiver.wait_for(1, seconds=SECONDS_BETWEEN)
    message = json.loads(receiver.received[0].body)
    assert message["channel"] == "Broken"
    assert "status 404" in message["why"]
