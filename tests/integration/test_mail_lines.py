"""What goes over the line besides the text of an email: names, and the end of the talk."""

import time
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from notifications.core.delivery import Content, Response
from notifications.core.kinds import build_request
from notifications.outbound.sender import Sender
from tests.integration.sending import LOCAL
from tests.integration.smtp_script import NOW, SPEC, send, server
from tests.scripted_smtp import ScriptedMailServer


def test_a_server_that_never_answers_quit_delays_nobody() -> None:
    """QUIT is said, but nothing waits for its reply: eight emails to such a server take no seconds."""
    running = [ScriptedMailServer({"QUIT": b"220-wait"}) for _ in range(8)]
    emails = [
        build_request(replace(SPEC, port=to.port, timeout=30), Content("text", "s"), "id-1", NOW)
        for to in running
    ]
    started = time.monotonic()
    outcomes = [*Sender(max_in_flight=8, policy=LOCAL).send_all(emails)]
    seconds = time.monotonic() - started
    for one in running:
        one.close()
    assert all(isinstance(outcome, Response) for _, outcome in outcomes)
    assert seconds < 4
    assert [one.heard[-1] for one in running] == ["QUIT"] * 8


def test_names_are_in_the_header_only() -> None:
    """The envelope has the bare addresses, the header the names too, in whatever script."""
    spec = replace(SPEC, from_email='"알림, 훈련" <alerts@example.com>')
    with server() as running:
        send(running, spec)
    assert "MAIL FROM:<alerts@example.com>" in [line.partition(" SIZE")[0] for line in running.heard]
    assert "RCPT TO:<b@example.com>" in running.heard
    head = running.mails[0].partition(b"\r\n\r\n")[0].decode("ascii")
    assert "=?utf-8?" in head
    assert "Bert <b@example.com>" in head


@pytest.mark.parametrize(
    "name",
    ["=?utf-8?q?a=0d=0aBcc:_evil@example.com?=", "=?utf-8?b?YQ0KQmNjOiBldmlsQGV4YW1wbGUuY29t?=", "x, y; <z"],
)
def test_no_name_adds_a_header(name: str) -> None:
    """What looks encoded, or like more than one address, in a name is text: no header comes of it."""
    spec = replace(
        SPEC, from_email=f'"{name}" <alerts@example.com>', to_emails=(f'"{name}" <a@example.com>',)
    )
    with server() as running:
        send(running, spec)
    mail = message_from_bytes(running.mails[0], policy=default)
    assert mail["bcc"] is None
    assert [one.addr_spec for one in mail["from"].addresses] == ["alerts@example.com"]
    assert [(one.display_name, one.addr_spec) for one in mail["to"].addresses] == [(name, "a@example.com")]
