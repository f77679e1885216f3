"""Emails to an SMTP server that says what a test wants."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from notifications.core.delivery import Content, EmailRequest, Outcome
from notifications.core.kinds import build_request, kind_of
from notifications.core.model import EmailSpec
from notifications.outbound.sender import Sender
from tests.integration.sending import LOCAL
from tests.scripted_smtp import ScriptedMailServer

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
SPEC = EmailSpec(
    host="127.0.0.1",
    port=0,
    from_email="Backend.AI Alerts <alerts@example.com>",
    to_emails=("a@example.com", "Bert <b@example.com>", "c@example.com"),
    use_tls=False,
    timeout=5,
)


MAIL = EmailRequest("127.0.0.1", 25, "none", None, "alerts@example.com", ("a@example.com",), b"", 5)


@contextmanager
def server(greeting: bytes = b"220 mail.test ready", **replies: bytes) -> Iterator[ScriptedMailServer]:
    """Run a server; of a reply's name ``_`` is a space, a recipient is named by its first letter."""
    named = {
        f"RCPT TO:<{name}@" if len(name) == 1 else name.replace("_", " "): reply
        for name, reply in replies.items()
    }
    running = ScriptedMailServer(named, [greeting + b"\r\n"])
    try:
        yield running
    finally:
        running.close()


def send(to: ScriptedMailServer, spec: EmailSpec = SPEC, settled: tuple[str, ...] = ()) -> Outcome:
    """Send an email to the server."""
    mail = build_request(replace(spec, port=to.port), Content("text", "s"), "id-1", NOW, (), settled)
    assert isinstance(mail, EmailRequest)
    return kind_of(mail).shown(mail, Sender(max_in_flight=1, policy=LOCAL).send(mail))
