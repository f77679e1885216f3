"""An SMTP server that says what a test wants, and the emails that are sent to it."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

from notifications.core.delivery import Content, EmailRequest, Outcome
from notifications.core.kinds import build_request, kind_of
from notifications.core.model import EmailSpec
from notifications.outbound.sender import Sender
from tests.integration.sending import LOCAL

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


class Server:
    """An SMTP server whose replies a test says, by the beginning of the command. ``heard``: the commands."""

    def __init__(self, replies: Mapping[str, bytes], greeting: bytes = b"220 mail.test ready") -> None:
        self.heard: list[str] = []
        self.mails: list[bytes] = []
        self._replies = {"EHLO": b"250-mail.test\r\n250-8BITMIME\r\n250 SIZE 1000000", **replies}
        self._greeting = greeting
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection, connection.makefile("rwb") as stream:

            def say(reply: bytes) -> None:
                stream.write(reply + b"\r\n")
                stream.flush()

            say(self._greeting)
            for line in stream:
                command = line.decode().strip()
                self.heard.append(command)
                reply = next(
                    (self._replies[key] for key in self._replies if command.startswith(key)), b"250 ok"
                )
                if command == "DATA" and reply.startswith(b"250"):
                    say(b"354 go ahead")
                    lines = [*iter(stream.readline, b".\r\n")]
                    self.mails.append(b"".join(lines))
                    say(self._replies.get("the mail", b"250 2.0.0 queued as 4711"))
                    continue
                if reply == b"":
                    return
                say(reply)
                if command == "QUIT":
                    with suppress(ConnectionResetError):
                        stream.read()  # it is the client who hangs up
                    return

    def close(self) -> None:
        """Wait until the client has gone."""
        self._thread.join(5)
        self._listening.close()


@contextmanager
def server(greeting: bytes = b"220 mail.test ready", **replies: bytes) -> Iterator[Server]:
    """Run a server; of a reply's name ``_`` is a space, a recipient is named by its first letter."""
    named = {
        f"RCPT TO:<{name}@" if len(name) == 1 else name.replace("_", " "): reply
        for name, reply in replies.items()
    }
    running = Server(named, greeting)
    try:
        yield running
    finally:
        running.close()


def send(to: Server, spec: EmailSpec = SPEC, settled: tuple[str, ...] = ()) -> Outcome:
    """Send an email to the server."""
    mail = build_request(replace(spec, port=to.port), Content("text", "s"), "id-1", NOW, (), settled)
    assert isinstance(mail, EmailRequest)
    return kind_of(mail).shown(mail, Sender(max_in_flight=1, policy=LOCAL).send(mail))
