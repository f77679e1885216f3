"""An SMTP server that says what a test wants, and keeps what is said to it."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

BACKLOG = 256
TALK_SECONDS = 30.0
END_SECONDS = 5.0
HANG_SECONDS = 600.0
"""How long it hangs at most: longer than any sender waits."""

READY = (b"220 mail.test ready\r\n",)
AGREED = b"250 ok"

Reply = bytes | Callable[[], bytes]


class ScriptedMailServer:
    """Serves each connection in a thread of its own, in the clear until STARTTLS.

    ``greeting``: what it says first, piece by piece; None to hang. ``replies``: by the beginning of a
    command, or "the mail" for the one to an email; an empty one ends the connection, and it agrees to what
    has none. ``context``: for STARTTLS, which it offers only with one. A test may change all of these.
    ``heard``: all commands; ``mails``: all emails.
    """

    def __init__(
        self,
        replies: Mapping[str, Reply] | None = None,
        greeting: Iterable[bytes] | None = READY,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.replies = replies or {}
        self.greeting = greeting
        self.context: ssl.SSLContext | None = None
        self.heard: list[str] = []
        self.mails: list[bytes] = []
        self._ended = threading.Event()
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((address, port), backlog=BACKLOG)
        self.address, self.port = self._listener.getsockname()[:2]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept nobody any more, and read what the clients have said."""
        self._ended.set()
        for each in (self._listener, *self._connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RD)  # what has come can still be read
        self._listener.close()
        for thread in self._threads:
            thread.join(END_SECONDS)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(TALK_SECONDS)
            if self.greeting is None:
                self._ended.wait(HANG_SECONDS)
            for part in self.greeting or ():
                connection.sendall(part)
            if self._talk(connection) and self.context:
                with self.context.wrap_socket(connection, server_side=True) as secured:
                    self._talk(secured)

    def _talk(self, connection: socket.socket) -> bool:
        """Talk until the end; tell whether TLS is to begin."""
        with connection.makefile("rb") as lines:
            for line in lines:
                command = line.decode("latin-1").strip()
                self.heard.append(command)
                reply = self._reply(command)
                if command == "DATA" and reply == AGREED:
                    connection.sendall(b"354 go ahead\r\n")
                    self._take(lines)
                    reply = self._reply("the mail")
                if reply == b"":
                    return False
                connection.sendall(reply + b"\r\n")
                if command == "STARTTLS" and self.context:
                    return True
                if command == "QUIT" and reply.startswith(b"221"):
                    return False
        return False

    def _take(self, lines: Iterable[bytes]) -> None:
        """Keep an email, if it comes to its end."""
        mail = b""
        for line in lines:
            if line == b".\r\n":
                self.mails.append(mail)
                return
            mail += line

    def _reply(self, command: str) -> bytes:
        scripts = (*self.replies.items(), *self._usual().items())
        reply = next((reply for key, reply in scripts if command.startswith(key)), AGREED)
        return reply if isinstance(reply, bytes) else reply()

    def _usual(self) -> dict[str, Reply]:
        offers = b"250-STARTTLS\r\n" if self.context else b""
        return {
            "EHLO": b"250-mail.test\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n"
            + offers
            + b"250 SIZE 1000000",
            "STARTTLS": b"220 go" if self.context else b"502 no",
            "AUTH": b"235 in",
            "the mail": b"250 2.0.0 queued as 4711",
            "QUIT": b"221 bye",
        }
