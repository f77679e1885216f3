"""What became of events, on the deployed stack: records, retries, suspension, replay, by command."""

import json
import re
import subprocess
from collections.abc import Iterator
from itertools import count
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from local.common import ROOT
from local.receiver import Received, Receiver, Reply
from local.stack import Stack
from local.waiting import until
from tests.stack.cli import Cli

SESSION = {"session_type": "interactive", "cluster_mode": "single-node", "status": "RUNNING"}
SCHEMA = {"type": "object", "properties": {"session_id": {"type": "string"}}, "required": ["session_id"]}
SUSPENDED_SECONDS = 180.0
"""Within this time a channel whose second retries come after a minute must be suspended."""
_names = (f"try.no{number}" for number in count())


@pytest.fixture
def kind(cli: Cli) -> str:
    """Make an event type of its own for a test, so that no other test's events are in its lists."""
    name = next(_names)
    cli.made("event-type", "create", name, "--schema-file", "-", stdin=json.dumps(SCHEMA))
    return name


def emit(cli: Cli, kind: str, session_id: str = "s1") -> str:
    """Put an event on the bus; return its id."""
    data = json.dumps({"session_id": session_id})
    return str(cli.json("event", "emit", kind, "--data", data)["event_id"])


def recorded(cli: Cli, event_id: str) -> dict[str, Any]:
    """Wait for an event's record, and return it."""
    until("the event has a record", lambda: cli.event(event_id))
    return dict(json.loads(cli.run("event", "info", event_id).out)["event"])


def settled(cli: Cli, event_id: str) -> list[dict[str, Any]]:
    """Wait until an event's deliveries have ended, and return them."""
    return until("all deliveries end", lambda: ended(cli, event_id))


def ended(cli: Cli, event_id: str) -> list[dict[str, Any]] | None:
    """Return an event's deliveries once it is dispatched and none is pending."""
    event = cli.event(event_id)
    if event is None or event["status"] == "dispatching" or "pending" in event["counts"]:
        return None
    return list(json.loads(cli.run("event", "info", event_id).out)["deliveries"])


@pytest.fixture
def moody() -> Iterator[tuple[Receiver, dict[str, int]]]:
    """Receive webhooks, answering each path with the status that is set for it, at first 500."""
    statuses: dict[str, int] = {}

    def reply(request: Received) -> Reply:
        return Reply(statuses.get(request.path, 500), body=b"moody")

    with Receiver(reply) as receiver:
        yield receiver, statuses


def test_a_failure_is_tried_again_and_recorded(
    cli: Cli, kind: str, moody: tuple[Receiver, dict[str, int]]
) -> None:
    """Each attempt has one webhook-id and is recorded; the schedule spent, it has failed; a replay works."""
    receiver, statuses = moody
    channel_id = cli.channel(f"{receiver.url}/a?key=k", "--header", "X-Token: secret", "--retry", "1s,1s")
    cli.rule(kind, channel_id, "{{ session_id }}")
    event_id = emit(cli, kind)
    (delivery,) = settled(cli, event_id)
    shown = cli.json("delivery", "info", delivery["id"])
    assert (shown["status"], shown["attempt_count"], shown["error_class"]) == ("failed", 3, "status")
    assert [(each["status"], each["response"]) for each in shown["attempts"]] == [(500, "moody")] * 3
    assert {request.headers["webhook-id"] for request in receiver.wait_for(3)} == {delivery["id"]}
    assert "secret" not in json.dumps(shown)
    assert "key=k" not in json.dumps(shown)
    assert delivery["id"] in cli.run("delivery", "list", "--status", "failed", "--channel", channel_id).out
    assert cli.run("channel", "info", channel_id).out.count('"state": "failing"') == 1
    statuses["/a?key=k"] = 200
    assert cli.run("delivery", "retry", delivery["id"]).code == 0
    (after,) = until(
        "it is delivered",
        lambda: [each for each in ended(cli, event_id) or [] if each["status"] == "delivered"],
    )
    assert (after["id"], after["attempt_count"]) == (delivery["id"], 4)
    assert cli.run("channel", "info", channel_id).out.count('"state": "active"') == 1


def test_every_end_of_an_event_is_told(cli: Cli, stack: Stack, kind: str, receiver: Receiver) -> None:
    """No rule, a disabled rule or channel, no such type, unfit fields: each is listed with its reason."""
    bare = emit(cli, kind)
    assert recorded(cli, bare)["status"] == "unmatched"
    off = cli.channel(receiver.url, "--disabled")
    cli.rule(kind, off, "{{ session_id }}")
    cli.rule(kind, cli.channel(receiver.url), "{{ session_id }}", "--disabled")
    event_id = emit(cli, kind)
    reasons = {each["reason"]: each["status"] for each in settled(cli, event_id)}
    assert reasons == {"channel_disabled": "skipped", "rule_disabled": "skipped"}
    entry = {"EventBusName": stack.outputs()["EventBusName"], "Source": "backend.ai.test"}
    unfit = [("no.such.type", {}), (kind, {"session_id": 1})]
    put = stack.client("events").put_events(
        Entries=[{**entry, "DetailType": name, "Detail": json.dumps(detail)} for name, detail in unfit]
    )
    unknown, misfit = [recorded(cli, each["EventId"]) for each in put["Entries"]]
    assert (unknown["status"], unknown["reason"]) == ("refused", "unknown event type")
    assert (misfit["status"], "session_id" in misfit["reason"]) == ("refused", True)
    listed = cli.run("event", "list", "--rule-type", kind).out
    assert re.findall(r"^Status: (\S+)$", listed, re.MULTILINE) == ["refused", "dispatched", "unmatched"]


def test_many_are_replayed_at_once(cli: Cli, kind: str, moody: tuple[Receiver, dict[str, int]]) -> None:
    """A bulk retry shows first what it would do, then sends what failed, rendered anew if asked."""
    receiver, statuses = moody
    channel_id = cli.channel(f"{receiver.url}/b", "--retry", "none")
    rule_id = cli.rule(kind, channel_id, '"old {{ session_id }}"')
    events = [emit(cli, kind, f"s{number}") for number in range(5)]
    for event_id in events:
        assert [each["status"] for each in settled(cli, event_id)] == ["failed"]
    filters = ("--status", "failed", "--rule", rule_id, "--since", "1h")
    dry = cli.run("delivery", "retry", *filters, "--dry-run")
    assert (dry.out.count("Status: failed"), len(receiver.received)) == (5, 5)
    assert cli.run("rule", "update", rule_id, "--message-template", '"new {{ session_id }}"').code == 0
    statuses["/b"] = 200
    ran = cli.run("delivery", "retry", *filters, "--yes", "--render")
    assert ran.code == 0, ran
    assert "✓ 5 retried" in ran.err
    texts = {request.text for request in receiver.wait_for(10)[5:]}
    assert texts == {f'"new s{number}"' for number in range(5)}


def test_a_channel_that_fails_is_suspended_and_holds(
    cli: Cli, kind: str, moody: tuple[Receiver, dict[str, int]]
) -> None:
    """After a minute and a hundred repeated failures messages are held; resuming lets them out, none lost."""
    receiver, statuses = moody
    channel_id = cli.channel(f"{receiver.url}/c", "--retry", "1,61")
    for number in range(25):
        cli.rule(kind, channel_id, f"{number}")
    for _ in range(4):
        emit(cli, kind)
    until(
        "the channel is suspended",
        lambda: cli.json("channel", "info", channel_id)["state"] == "suspended",
        SUSPENDED_SECONDS,
    )
    event_id = emit(cli, kind)
    assert {each["status"] for each in settled(cli, event_id)} == {"held"}
    assert not [each for each in receiver.received if each.headers["webhook-id"].startswith(event_id)]
    statuses["/c"] = 200
    assert cli.run("channel", "resume", channel_id).code == 0
    filters = ("--channel", channel_id, "--status", "held")
    until("none is left", lambda: cli.run("delivery", "list", *filters).out == "No deliveries found\n")
    assert {each["status"] for each in settled(cli, event_id)} == {"delivered"}
    assert cli.json("channel", "info", channel_id)["state"] == "active"


def test_tail_follows(cli: Cli, kind: str, receiver: Receiver) -> None:
    """`delivery tail` prints a line for a delivery that comes after it was started."""
    channel_id = cli.channel(receiver.url)
    cli.rule(kind, channel_id, "{{ session_id }}")
    command = [str(ROOT / "backend.ai"), "notification", "delivery", "tail", "--channel", channel_id]
    with subprocess.Popen(command, env=cli.env, stdout=subprocess.PIPE, text=True) as tail:
        try:
            lines: Queue[str] = Queue()
            Thread(
                target=lambda: lines.put(tail.stdout.readline() if tail.stdout else ""), daemon=True
            ).start()
            # What was there when it began is not told, so events go on coming until it tells of one.
            until("a line is shown", lambda: emit(cli, kind) and not lines.empty())
        finally:
            tail.terminate()
    assert "delivered" in lines.get(timeout=60)
