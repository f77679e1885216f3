"""The command line against the deployed API: every command, and what happens to bad input."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from local.common import ROOT
from local.receiver import Receiver, Reply
from local.stack import STACK_NAME, Stack
from tests.stack.cli import Cli
from tests.stack.client import SignedClient

URL = "https://receiver.example.com/hook"
TEMPLATE = '{"text": "{{ session_id }}"}'


def test_a_channel_lives_through_all_its_commands(cli: Cli) -> None:
    """A channel is created disabled, shown, listed, changed, enabled and deleted; then it is unknown."""
    channel_id = cli.channel(URL, "--description", "d", "--disabled", name="  Padded  ")
    shown = cli.json("channel", "info", channel_id)
    assert (shown["name"], shown["enabled"], shown["description"]) == ("Padded", False, "d")
    assert channel_id not in cli.run("channel", "list", "--enabled-only").out
    listed = cli.run("channel", "list").out
    assert f"ID: {channel_id}\nName: Padded\nType: webhook\nEnabled: False\nDescription: d\n---\n" in listed
    changed = cli.run("channel", "update", channel_id, "--name", "New", "--url", f"{URL}/2", "--enable")
    assert changed.err.startswith(f"✓ Channel updated: {channel_id}")
    shown = cli.json("channel", "info", channel_id)
    assert (shown["name"], shown["enabled"], shown["spec"]["url"]) == ("New", True, f"{URL}/2")
    assert cli.run("channel", "delete", channel_id).err == f"✓ Channel deleted: {channel_id}\n"
    gone = cli.run("channel", "info", channel_id)
    assert (gone.code, len(gone.err.splitlines())) == (1, 1)


def test_a_rule_lives_through_all_its_commands(cli: Cli) -> None:
    """A rule is created disabled from standard input, shown, filtered, changed and deleted."""
    channel_id = cli.channel(URL)
    rule_id = cli.rule("session.started", channel_id, TEMPLATE, "--description", "d", "--disabled", name="R")
    assert cli.json("rule", "info", rule_id)["message_template"] == TEMPLATE
    assert rule_id in cli.run("rule", "list", "--rule-types", "session.started").out
    two_types = cli.run(
        "rule", "list", "--rule-types", "session.terminated", "--rule-types", "session.started"
    )
    assert rule_id in two_types.out
    assert rule_id not in cli.run("rule", "list", "--rule-types", "session.terminated").out
    assert rule_id not in cli.run("rule", "list", "--enabled-only").out
    changed = cli.run(
        *("rule", "update", rule_id, "--template-file", "-", "--enable", "--name", "S"), stdin="{{ status }}"
    )
    assert changed.err.startswith(f"✓ Rule updated: {rule_id}")
    shown = cli.json("rule", "info", rule_id)
    assert (shown["name"], shown["enabled"], shown["message_template"]) == ("S", True, "{{ status }}")
    in_use = cli.run("channel", "delete", channel_id)
    assert in_use.code == 1
    assert rule_id in in_use.err
    assert cli.run("rule", "delete", rule_id).err == f"✓ Rule deleted: {rule_id}\n"
    assert cli.run("channel", "delete", channel_id).code == 0


def test_an_absent_name_gives_the_default(cli: Cli) -> None:
    """``session_name or 'N/A'`` gives N/A when the event has no name."""
    rule_id = cli.rule("session.started", cli.channel(URL), """["{{ session_name or 'N/A' }}"]""")
    data = '{"session_id": "s", "session_type": "batch", "cluster_mode": "single-node", "status": "RUNNING"}'
    ran = cli.run("rule", "validate", rule_id, "--data-file", "-", stdin=data)
    assert ran.out.splitlines()[-1] == '["N/A"]'


def test_a_custom_event_type_lives_through_all_its_commands(cli: Cli) -> None:
    """A custom type is created, shown with its fields, kept while a rule uses it, changed and deleted."""
    name = f"quota.exceeded-{uuid4().hex[:8]}"
    schema = ROOT / "events" / "quota_exceeded.schema.json"
    made = cli.run("event-type", "create", name, "--schema-file", str(schema), "--description", "full")
    assert made.err == f"✓ Event type created: {name}\n"
    assert f"• {name}" in cli.run("rule", "types").out
    assert f"Name: {name}" in cli.run("event-type", "list").out
    assert cli.json("event-type", "info", name)["description"] == "full"
    channel_id = cli.channel(URL)
    rule_id = cli.rule(name, channel_id, """["{{ project }}", "{{ folders | join(', ') }}"]""")
    assert rule_id in cli.run("rule", "list", "--rule-types", name).out
    used = cli.run("event-type", "delete", name)
    assert (used.code, "1 rule uses the event type" in used.err) == (1, True)
    narrower = json.dumps({"type": "object", "properties": {"project": {"type": "string"}}})
    breaking = cli.run("event-type", "update", name, "--schema-file", "-", stdin=narrower)
    assert (breaking.code, "folders" in breaking.err) == (1, True), breaking
    assert cli.run("event-type", "update", name, "--description", "over").code == 0
    assert cli.run("channel", "delete", channel_id, "--force").code == 0
    assert cli.run("rule", "info", rule_id).code == 1
    assert cli.run("event-type", "update", name, "--schema-file", "-", stdin=narrower).code == 0
    assert cli.run("event-type", "delete", name).err == f"✓ Event type deleted: {name}\n"


def test_every_page_is_listed(cli: Cli, client: SignedClient) -> None:
    """With more rules than a page holds, each is listed once."""
    channel_id = cli.channel(URL)
    made = [
        client.send(
            "POST",
            "/notifications/rules",
            {
                "name": f"page {number}",
                "rule_type": "session.started",
                "channel_id": channel_id,
                "message_template": TEMPLATE,
            },
        ).document["rule"]["id"]
        for number in range(120)
    ]
    listed = cli.run("rule", "list").out
    ids = [line.removeprefix("ID: ") for line in listed.splitlines() if line.startswith("ID: ")]
    assert sorted(set(ids) & set(made)) == sorted(made)
    assert len(ids) == len(set(ids))
    assert cli.run("channel", "delete", channel_id, "--force").code == 0


def test_a_receivers_refusal_is_told(cli: Cli) -> None:
    """A test message that the receiver refuses ends with its status and the beginning of its response."""
    with Receiver(lambda _: Reply(status=403, body=b"go away " * 100)) as refusing:
        channel_id = cli.channel(refusing.url, "--disabled")
        ran = cli.run("channel", "validate", channel_id, "--data", "hello")
    assert ran.code == 1
    assert "403" in ran.err
    assert "go away" in ran.err
    assert len(ran.err) < 500
    assert refusing.received[0].text == "hello"


UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("channel", "info", "nonsense"), "nonsense"),
        (("channel", "info", UNKNOWN), "no channel"),
        (("rule", "delete", UNKNOWN), "no rule"),
        (("channel", "validate", UNKNOWN, "--data", "x"), "no channel"),
        (("rule", "validate", UNKNOWN, "--data", "{}"), "no rule"),
        (("rule", "schema", "session.paused"), "session.paused"),
        (("channel", "create", "n", "ftp://example.com/x"), "http://"),
        (("channel", "create", "n", "https://user:pw@example.com/"), "credentials"),
        (("channel", "create", "   ", URL), "NAME: must not be empty"),
        (("rule", "create", "n", "session.paused", UNKNOWN, "--template", "x"), "session.paused"),
        (("rule", "create", "n", "session.started", UNKNOWN, "--template", "x"), "no channel"),
        (("rule", "create", "n", "session.started", UNKNOWN), "no channel"),
        (("event", "emit", "session.started", "--data", "{}"), "session_id"),
        (("event", "emit", "session.started", "--data", "{oops"), "Invalid JSON"),
        (("event", "emit", "session.paused", "--data", "{}"), "session.paused"),
    ],
)
def test_bad_input_is_one_clear_error(cli: Cli, arguments: tuple[str, ...], told: str) -> None:
    """What cannot be done ends with exit code 1 and an error that names the fault, without a traceback."""
    ran = cli.run(*arguments)
    assert ran.code == 1, ran
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (
            "line one\n{{ sesion_id }}",
            "line 2: 'sesion_id' is not a field of session.started; the nearest is 'session_id'",
        ),
        ("{% if status %}", "line 1"),
        ("{{ data.stauts }}", "'data.status'"),
        ("{{ status | shout }}", "shout"),
    ],
)
def test_a_template_that_can_not_work_is_not_saved(cli: Cli, template: str, told: str) -> None:
    """A template that does not parse or names an unknown field is refused whenever it is saved."""
    channel_id = cli.channel(URL)
    arguments = ("rule", "create", "unsaved", "session.started", channel_id, "--template-file", "-")
    refused = cli.run(*arguments, stdin=template)
    assert (refused.code, told in refused.err) == (1, True), refused
    assert "Name: unsaved" not in cli.run("rule", "list").out
    rule_id = cli.rule("session.started", channel_id, TEMPLATE)
    refused = cli.run("rule", "update", rule_id, "--template-file", "-", "--name", "new", stdin=template)
    assert (refused.code, told in refused.err) == (1, True), refused
    kept = cli.json("rule", "info", rule_id)
    assert (kept["message_template"], kept["name"]) == (TEMPLATE, "rule")


def test_wrong_keys_are_refused(cli: Cli, stack: Stack) -> None:
    """A wrong secret key ends in one line that says so."""
    settings = stack.settings() | {"BACKEND_SECRET_KEY": "wrong"}
    ran = cli.run("channel", "list", **settings)
    assert ran.code == 1
    assert "signature" in ran.err
    assert len(ran.err.splitlines()) <= 2


@pytest.mark.parametrize(
    ("method", "path", "minutes_off", "status", "slug"),
    [
        ("GET", "/notifications/rule-types", 16, 400, "invalid-auth-params"),
        ("GET", "/notifications/rule-types", -16, 400, "invalid-auth-params"),
        ("GET", "/notifications/nowhere", 0, 404, "url-not-found"),
        ("PUT", "/notifications/channels", 0, 405, "method-not-allowed"),
        ("GET", f"/notifications/channels/{UNKNOWN}", 0, 404, "entity-not-found"),
    ],
)
def test_refusals_have_the_contracts_shape(
    client: SignedClient, method: str, path: str, minutes_off: int, status: int, slug: str
) -> None:
    """The deployed API refuses with the contract's status, slug and problem document."""
    response = client.send(method, path, late=-timedelta(minutes=minutes_off))
    assert (response.status, response.document["type"].rsplit("/", 1)[1]) == (status, slug)
    assert response.headers["content-type"] == "application/problem+json; charset=utf-8"
    assert {"title", "error_code"} <= response.document.keys()


def test_the_command_line_is_configured_from_the_stack(cli: Cli, stack: Stack) -> None:
    """Configure reads the stack's outputs and secret, and the next command uses what it wrote."""
    ran = cli.plain("configure", "--stack-name", STACK_NAME)
    assert ran.code == 0, ran
    written = cli.directory / ".config" / "backend.ai-notification" / "env"
    assert stack.settings()["BACKEND_SECRET_KEY"] in written.read_text()
    assert written.stat().st_mode & 0o077 == 0
    listed = cli.run("channel", "list", NOTIFICATION_LOCAL_ENV="")
    assert listed.code == 0, listed
    unknown = cli.plain("configure", "--stack-name", "no-such-stack", **stack.aws_env())
    assert (unknown.code, "no-such-stack" in unknown.err) == (1, True), unknown


def test_the_openapi_document_is_served(client: SignedClient) -> None:
    """The document at /notifications/openapi.json is the one that was made from the code."""
    served = client.send("GET", "/notifications/openapi.json").document
    kept = ROOT / "layers/notifications/notifications/api/openapi.json"
    assert served == json.loads(kept.read_text(encoding="utf-8"))


def test_a_proxy_is_not_asked_for_what_runs_here(cli: Cli) -> None:
    """The command line reaches the local stack directly, whatever proxy the environment names."""
    ran = cli.run("channel", "list", http_proxy="http://127.0.0.1:1", no_proxy="")
    assert ran.code == 0, ran
