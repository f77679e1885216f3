"""Mail channels on the deployed stack."""

import json
from pathlib import Path

from tests.smtp import mail_server
from tests.stack.cli import Cli
from tests.stack.client import SignedClient

EVENT = '{"session_id": "s1", "session_type": "batch", "cluster_mode": "single-node", "status": "RUNNING"}'


def spec(port: int, **message: object) -> str:
    """Write the spec of an email channel."""
    addresses = {"from_email": "ops@example.com", "to_emails": ["a@example.com", "b@example.com"]}
    return json.dumps(
        {
            "smtp": {"host": "127.0.0.1", "port": port, "use_tls": False},
            "message": addresses | message,
            "auth": {"username": "user", "password": "secret"},
        }
    )


def test_an_event_becomes_a_mail(cli: Cli, tmp_path: Path) -> None:
    """A rule on an email channel sends to all recipients, logged in, with the rendered subject."""
    with mail_server(tmp_path, "--login") as server:
        subject = "Session {{ session_id }} is {{ status }}"
        arguments = ("channel", "create", "mail", "--channel-type", "email", "--spec-file", "-")
        channel_id = cli.made(*arguments, stdin=spec(server.port, subject_template=subject))
        cli.rule("session.started", channel_id, "It runs.\nType: {{ session_type }}")
        assert cli.run("event", "emit", "session.started", "--data", EVENT).code == 0
        mail = server.next_mail()
        assert cli.run("channel", "validate", channel_id, "--data", "A test\nof mail").code == 0
        trial = server.next_mail()
        assert cli.run("channel", "delete", channel_id, "--force").code == 0
    assert mail["to"] == ["a@example.com", "b@example.com"]
    assert mail["headers"]["subject"] == "Session s1 is RUNNING"
    assert mail["body"] == "It runs.\nType: batch\n"
    assert mail["authenticated"]
    assert trial["headers"]["subject"] == "Session  is ".replace("  ", " ").strip()
    assert trial["body"] == "A test\nof mail\n"


def test_the_password_is_kept_and_never_shown(cli: Cli, client: SignedClient, tmp_path: Path) -> None:
    """No reply has the password, and a change that leaves it null keeps it."""
    with mail_server(tmp_path, "--login") as server:
        arguments = ("channel", "create", "mail", "--channel-type", "email", "--spec", spec(server.port))
        channel_id = cli.made(*arguments)
        shown = cli.json("channel", "info", channel_id)
        assert shown["spec"]["auth"] == {"username": "user", "password": None}
        message = shown["spec"]["message"] | {"to_emails": ["c@d"]}
        changed = {"spec": shown["spec"] | {"message": message}}
        response = client.send("PATCH", f"/notifications/channels/{channel_id}", changed)
        assert response.status == 200, response.text
        assert b"secret" not in response.body
        assert cli.run("channel", "validate", channel_id, "--data", "again").code == 0
        mail = server.next_mail()
    assert (mail["to"], mail["authenticated"]) == (["c@d"], True)
    assert mail["headers"]["subject"] == "again"


def test_a_refusal_of_the_mail_server_is_told(cli: Cli, tmp_path: Path) -> None:
    """A recipient that the server refuses fails the test message with the server's status."""
    with mail_server(tmp_path) as server:
        refused = {"smtp": {"host": "127.0.0.1", "port": server.port, "use_tls": False}}
        refused |= {"message": {"from_email": "ops@example.com", "to_emails": ["refuse-550@example.com"]}}
        arguments = ("channel", "create", "m", "--channel-type", "email", "--spec", json.dumps(refused))
        ran = cli.run("channel", "validate", cli.made(*arguments), "--data", "hello")
    assert (ran.code, "550" in ran.err) == (1, True), ran
