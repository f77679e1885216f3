"""From an event on the bus to webhooks, on the deployed stack."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from local.common import ROOT
from local.receiver import Receiver, Reply
from local.stack import Stack
from tests.stack.cli import Cli

SESSION = {
    "session_id": "6f1c",
    "session_type": "interactive",
    "cluster_mode": "single-node",
    "status": "RUNNING",
}
SAMPLES = sorted(
    path
    for path in (ROOT / "events").glob("*.json")
    if path.name not in {"queue_batch.json", "quota_exceeded.schema.json"}
)

pytestmark = pytest.mark.usefixtures("fresh_configuration")


def emit(cli: Cli, rule_type: str = "session.started", data: dict[str, Any] | None = None) -> str:
    """Put an event on the bus; return its id."""
    event_id: str = cli.json("event", "emit", rule_type, "--data", json.dumps(data or SESSION))["event_id"]
    return event_id


def put(stack: Stack, document: dict[str, Any]) -> None:
    """Put an event on the bus as Backend.AI does, not through the API."""
    stack.client("events").put_events(
        Entries=[
            {
                "EventBusName": stack.outputs()["EventBusName"],
                "Source": document["source"],
                "DetailType": document["detail-type"],
                "Detail": json.dumps(document["detail"]),
            }
        ]
    )


@pytest.fixture(scope="module")
def _quota_type(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> None:
    cli = Cli(stack, tmp_path_factory.mktemp("cli"))
    schema = str(ROOT / "events" / "quota_exceeded.schema.json")
    assert cli.run("event-type", "create", "quota.exceeded", "--schema-file", schema).code == 0


@pytest.mark.usefixtures("_quota_type")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_event_becomes_a_webhook(path: Path, stack: Stack, cli: Cli, receiver: Receiver) -> None:
    """Each event of events/ in either shape is delivered with all its fields as they were."""
    document = json.loads(path.read_text(encoding="utf-8"))
    detail = document["detail"]
    rule_type = detail.get("rule_type", document["detail-type"])
    cli.rule(rule_type, cli.channel(receiver.url), '{"type": "{{ rule_type }}", "data": {{ data | tojson }}}')
    put(stack, document)
    message = json.loads(receiver.wait_for(1)[0].body)
    fields = detail.get("notification_data", detail)
    assert message["type"] == rule_type
    assert {name: message["data"][name] for name in fields} == fields


def test_an_event_may_be_invoked_by_hand(stack: Stack, cli: Cli, receiver: Receiver) -> None:
    """A document given to the function directly, as sam local invoke does, is dispatched once and told."""
    rule_id = cli.rule("session.started", cli.channel(receiver.url), "{{ session_name }}")
    document = (ROOT / "events" / "session_started.json").read_text()
    parameters = {"FunctionName": stack.outputs()["DispatcherFunctionName"], "Payload": document}
    (report,) = json.load(stack.client("lambda").invoke(**parameters)["Payload"])["events"]
    ended = [(delivery["rule_id"], delivery["status"]) for delivery in report["deliveries"]]
    assert (report["status"], ended) == ("dispatched", [(rule_id, "delivered")])
    (again,) = json.load(stack.client("lambda").invoke(**parameters)["Payload"])["events"]
    assert "dispatched before" in again["reason"]
    assert [request.text for request in receiver.wait_for(1)] == ['"train"']


def test_a_disabled_rule_is_not_used_from_the_next_event_on(cli: Cli, receiver: Receiver) -> None:
    """Disabling a rule, or its channel, holds for the very next event; enabling it again too."""
    rule_id = cli.rule("session.started", cli.channel(f"{receiver.url}/a"), "{{ session_id }}")
    channel_id = cli.channel(f"{receiver.url}/b")
    cli.rule("session.started", channel_id, "{{ session_id }}")
    cli.rule("session.started", cli.channel(f"{receiver.url}/always"), "{{ session_id }}")

    def send(session_id: str, nth: int) -> None:
        emit(cli, data=SESSION | {"session_id": session_id})
        receiver.wait_for(nth, path="/always")

    send("first", 1)
    receiver.wait_for(1, path="/a")
    receiver.wait_for(1, path="/b")
    cli.run("rule", "update", rule_id, "--disable")
    cli.run("channel", "update", channel_id, "--disable")
    send("second", 2)
    cli.run("rule", "update", rule_id, "--enable")
    cli.run("channel", "update", channel_id, "--enable")
    send("third", 3)
    receiver.wait_for(2, path="/a")
    receiver.wait_for(2, path="/b")
    assert [request.text for request in receiver.at("/a")] == ['"first"', '"third"']
    assert [request.text for request in receiver.at("/b")] == ['"first"', '"third"']


def test_one_failing_receiver_does_not_keep_the_others_from_theirs(cli: Cli, receiver: Receiver) -> None:
    """With one receiver hanging, one failing and one not there, the fourth gets its webhook at once."""
    with (
        Receiver(lambda _: Reply(delay_seconds=20)) as hanging,
        Receiver(lambda _: Reply(status=500)) as failing,
    ):
        for url in (hanging.url, failing.url, "http://127.0.0.1:1/", receiver.url):
            cli.rule("session.started", cli.channel(url), "{{ session_id }}")
        emit(cli)
        assert receiver.wait_for(1, seconds=10)[0].text == '"6f1c"'
        assert failing.wait_for(1)[0].text == '"6f1c"'
        assert hanging.received == []


def test_the_webhook_is_sent_as_its_channel_says(cli: Cli, receiver: Receiver) -> None:
    """Method, query string, headers and content type of the channel are in the request."""
    channel_id = cli.channel(
        f"{receiver.url}/hook?team=a%20b&x=1",
        *("--method", "PUT", "--content-type", "text/plain; charset=utf-8", "--header", "X-Team: vision"),
    )
    cli.rule("session.started", channel_id, "{{ session_id }}")
    emit(cli)
    (request,) = receiver.wait_for(1)
    assert (request.method, request.path) == ("PUT", "/hook?team=a%20b&x=1")
    assert request.headers["content-type"] == "text/plain; charset=utf-8"
    assert request.headers["x-team"] == "vision"
    assert request.headers["user-agent"].startswith("backend.ai-notification/")


def test_text_comes_through_unharmed(cli: Cli, receiver: Receiver) -> None:
    """Other scripts, emoji, empty and absent names, and a template of 64 KB reach the receiver whole."""
    channel_id = cli.channel(receiver.url)
    filling = "한국어 🚀 " * 100
    start = '{"text": "{{ session_name }}|{{ session_id }}|'
    template = start + filling + "x" * (65_536 - len(start) - len(filling) - 2) + '"}'
    assert len(template) == 65_536
    cli.rule("session.started", channel_id, template)
    emit(cli, data=SESSION | {"session_name": "", "session_id": "세션-🚀"})
    assert receiver.wait_for(1)[0].text == template.replace("{{ session_name }}", "").replace(
        "{{ session_id }}", "세션-🚀"
    )
    emit(cli, data=SESSION)
    assert json.loads(receiver.wait_for(2)[1].body)["text"].startswith("|6f1c|")


def test_loops_work_over_lists(cli: Cli, receiver: Receiver) -> None:
    """The guide's loop renders a custom event's list, line by line."""
    name = f"disk.report-{uuid4().hex[:8]}"
    schema = {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "string"}}}}
    made = cli.run("event-type", "create", name, "--schema-file", "-", stdin=json.dumps(schema))
    assert made.code == 0, made
    channel_id = cli.channel(receiver.url, "--content-type", "text/plain")
    cli.rule(name, channel_id, "{% for item in items %}\n- {{ item }}\n{% endfor %}")
    emit(cli, name, {"items": ["a", "b"]})
    assert receiver.wait_for(1)[0].text.split() == ["-", "a", "-", "b"]


def test_events_that_do_not_fit_send_nothing(stack: Stack, cli: Cli, receiver: Receiver) -> None:
    """An event that lacks a field, or comes from elsewhere, is not sent; the next good one is."""
    cli.rule("session.started", cli.channel(receiver.url), "{{ session_id }}")
    put(stack, {"source": "backend.ai.manager", "detail-type": "session.started", "detail": {"status": "X"}})
    put(stack, {"source": "somebody.else", "detail-type": "session.started", "detail": SESSION})
    emit(cli, data=SESSION | {"session_id": "good"})
    assert [request.text for request in receiver.wait_for(1)] == ['"good"']
