"""Mail to a real SMTP server process."""

import socket
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from notifications.core import rendering
from notifications.core.delivery import EmailRequest, Failure, Outcome, Response
from notifications.core.kinds import build_request
from notifications.core.model import EmailSpec
from notifications.outbound.sender import Sender
from tests.integration.sending import LOCAL
from tests.smtp import MailServer, mail_server

SPEC = EmailSpec(
    host="127.0.0.1",
    port=0,
    from_email="ops@example.com",
    to_emails=("a@example.com", "b@example.com"),
    use_tls=False,
    timeout=10,
)


def built(spec: EmailSpec, message: str = "s\nb", **variables: Any) -> EmailRequest:
    """Build the mail that carries a message."""
    content = rendering.completed(spec, message, variables)
    mail = build_request(spec, content, "event-rule", datetime.now(UTC))
    assert isinstance(mail, EmailRequest)
    return mail


def send(
    server: MailServer, spec: EmailSpec, message: str = "Subject line\nBody", **variables: Any
) -> Outcome:
    """Send a message to the server as a channel with this spec does."""
    mail = built(replace(spec, port=server.port), message, **variables)
    return Sender(max_in_flight=2, ca_file=server.ca_file, policy=LOCAL).send(mail)


def test_a_mail_arrives_as_it_was_meant(tmp_path: Path) -> None:
    """All recipients, the first line as subject too, and the whole text, exactly, arrive."""
    with mail_server(tmp_path) as server:
        outcome = send(server, SPEC, "세션 시작 🚀\n\nWho: “train”\n.\nend")
        mail = server.next_mail()
    assert isinstance(outcome, Response)
    assert mail["from"] == "ops@example.com"
    assert mail["to"] == ["a@example.com", "b@example.com"]
    assert mail["headers"]["subject"] == "세션 시작 🚀"
    assert mail["headers"]["message-id"] == "<event-rule@example.com>"
    assert mail["body"] == "세션 시작 🚀\n\nWho: “train”\n.\nend\n"


def test_a_subject_template_is_rendered_with_the_events_fields(tmp_path: Path) -> None:
    """With a subject template the whole message is the body, and a line break stays out of the header."""
    with mail_server(tmp_path) as server:
        send(
            server,
            replace(SPEC, subject_template="{{ status }}:\n{{ name }}"),
            "one\ntwo",
            status="UP",
            name="x",
        )
        mail = server.next_mail()
    assert mail["headers"]["subject"] == "UP: x"
    assert "bcc" not in mail["headers"]
    assert mail["body"] == "one\ntwo\n"


@pytest.mark.parametrize(
    "subject",
    ["=?utf-8?q?a=0d=0aBcc:_evil@example.com?=", "=?utf-8?b?YQ0KQmNjOiBldmlsQGV4YW1wbGUuY29t?="],
)
def test_a_subject_that_looks_encoded_is_text(tmp_path: Path, subject: str) -> None:
    """What looks like an encoded word is written as it is: no line break comes out of it."""
    with mail_server(tmp_path) as server:
        send(server, SPEC, f"{subject}\nbody")
        mail = server.next_mail()
    assert mail["headers"]["subject"] == subject
    assert "bcc" not in mail["headers"]


def test_a_hostile_value_can_not_add_a_header(tmp_path: Path) -> None:
    """A field with line breaks in a subject stays one line of subject."""
    with mail_server(tmp_path) as server:
        send(
            server,
            replace(SPEC, subject_template="{{ name }}"),
            "m",
            name="x\r\nBcc: evil@example.com\r\n\r\nz",
        )
        mail = server.next_mail()
    assert mail["headers"]["subject"] == "x Bcc: evil@example.com z"
    assert "bcc" not in mail["headers"]


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
def test_tls_and_login(tmp_path: Path, mode: Literal["starttls", "implicit"]) -> None:
    """Over STARTTLS and over implicit TLS the mail is encrypted and the account is logged in."""
    spec = replace(SPEC, use_tls=True, username="user", password="secret")
    with mail_server(tmp_path, "--tls", mode, "--login") as server:
        mail = replace(
            built(replace(spec, port=server.port)), tls=mode
        )  # implicit TLS is chosen by port 465, which a test cannot have
        assert isinstance(Sender(max_in_flight=1, ca_file=server.ca_file, policy=LOCAL).send(mail), Response)
        taken = server.next_mail()
    assert (taken["tls"], taken["authenticated"]) == (True, True)


def test_port_465_means_implicit_tls_and_others_starttls() -> None:
    """The port decides how TLS begins; without use_tls there is none."""
    ways = [
        built(replace(SPEC, port=port, use_tls=use_tls)).tls
        for port, use_tls in ((465, True), (587, True), (25, False))
    ]
    assert ways == ["implicit", "starttls", "none"]


def test_a_certificate_of_nobody_trusted_ends_it(tmp_path: Path) -> None:
    """Nothing is sent to a server whose certificate does not verify."""
    with mail_server(tmp_path, "--tls", "starttls") as server:
        mail = built(replace(SPEC, port=server.port, use_tls=True))
        outcome = Sender(max_in_flight=1, policy=LOCAL).send(mail)
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "tls"


def test_a_server_without_tls_gets_nothing_if_tls_is_wanted(tmp_path: Path) -> None:
    """STARTTLS is required, not hoped for: no password goes out in the clear."""
    with mail_server(tmp_path) as server:
        outcome = send(server, replace(SPEC, use_tls=True, username="user", password="secret"))
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "tls"


@pytest.mark.parametrize(
    ("recipient", "error_class"),
    [("refuse-550@example.com", "smtp_permanent"), ("refuse-451@example.com", "smtp_temporary")],
)
def test_refusals_are_told_apart(tmp_path: Path, recipient: str, error_class: str) -> None:
    """A 5xx answer is a permanent failure, a 4xx answer a passing one; both name the status."""
    with mail_server(tmp_path) as server:
        outcome = send(server, replace(SPEC, to_emails=(recipient,)))
    assert isinstance(outcome, Failure)
    assert outcome.error_class == error_class
    assert recipient[7:10] in outcome.message


def test_a_wrong_password_is_a_permanent_failure(tmp_path: Path) -> None:
    """A refused login is told with the server's status, and the password is nowhere in it."""
    with mail_server(tmp_path, "--login") as server:
        outcome = send(server, replace(SPEC, username="user", password="wrong-password"))
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "smtp_permanent"
    assert "wrong-password" not in outcome.message


def test_a_hanging_server_is_given_up(tmp_path: Path) -> None:
    """The whole exchange is bounded by the channel's timeout."""
    with mail_server(tmp_path) as server:
        outcome = send(server, replace(SPEC, to_emails=("hang@example.com",), timeout=0.5))
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "timeout"
    assert outcome.seconds < 5


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """A port that nobody listens on is a connect failure."""
    with socket.socket() as unused, mail_server(tmp_path) as server:
        unused.bind(("127.0.0.1", 0))
        server.port = unused.getsockname()[1]
        outcome = send(server, SPEC)
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "connect"
