"""A web server that behaves as badly as the path that is asked for says, and a mail server to match."""

import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader

BACKLOG = 256
TICK_SECONDS = 0.1
HANG_SECONDS = 600.0
"""How long a receiver hangs at most: longer than any sender waits."""
MEGABYTES_OF_BOMB = 200
BOMB = gzip.compress(bytes(MEGABYTES_OF_BOMB * 1024 * 1024), 9)
"""Some 200 KB."""

Say = Callable[[bytes], None]
Responder = Callable[["Request", Say, threading.Event], None]


@dataclass(frozen=True)
class Request:
    """One request as it came: its path, its head and body as they were, and the value of Authorization."""

    path: str
    head: str
    body: bytes

    def header(self, name: str) -> str:
        """Return the value of a header, or nothing."""
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name:
                return value.strip()
        return ""


def plain(status: str, *headers: str, body: bytes = b"") -> bytes:
    """Write an answer."""
    return (
        "\r\n".join((f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", "")).encode() + body
    )


class _Listener:
    """Listens on one address and port, with a thread for each connection."""

    def __init__(self, address: str, port: int) -> None:
        self._ended = threading.Event()
        self._listener = socket.create_server((address, port), backlog=BACKLOG)
        self.address, self.port = self._listener.getsockname()[:2]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """End whatever goes on."""
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        raise NotImplementedError


class WebReceiver(_Listener):
    """Serves webhooks; with a ``context`` by TLS. ``behaviours``: by the path's first part."""

    def __init__(
        self,
        address: str,
        port: int,
        behaviours: dict[str, Responder],
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.behaviours = behaviours
        self.context = context
        self.received: list[Request] = []
        super().__init__(address, port)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self.context else 'http'}://{self.address}:{self.port}"

    def at(self, path: str) -> list[Request]:
        """Return what came to a path so far."""
        return [request for request in self.received if request.path == path]

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            connection.settimeout(30)
            stream = self.context.wrap_socket(connection, server_side=True) if self.context else connection
            with stream:
                while request := _read(stream):
                    self.received.append(request)
                    behaviour = self.behaviours.get(request.path.split("/")[1].partition("?")[0])
                    if behaviour is None:
                        stream.sendall(plain("200 OK", body=b"ok"))
                        continue
                    behaviour(request, stream.sendall, self._ended)
                    return


def _read(stream: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = stream.recv(65_536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1")
    request = Request(lines.split(" ")[1], lines, body)
    length = int(request.header("content-length") or 0)
    while len(body) < length:
        body += stream.recv(65_536)
    return Request(request.path, lines, body)


def answer(data: bytes) -> Responder:
    """Send these bytes and close."""
    return lambda _request, say, _ended: say(data)


def endless(start: bytes, part: bytes) -> Responder:
    """Send these bytes, and then more of them as fast as they are taken."""

    def behave(_request: Request, say: Say, ended: threading.Event) -> None:
        say(start)
        while not ended.is_set():
            say(part)

    return behave


def drip(start: bytes, part: bytes = b"x") -> Responder:
    """Send these bytes, and then one by one, slowly and without end."""

    def behave(_request: Request, say: Say, ended: threading.Event) -> None:
        say(start)
        while not ended.wait(TICK_SECONDS):
            say(part)

    return behave


def hang(_request: Request, _say: Say, ended: threading.Event) -> None:
    """Never answer."""
    ended.wait(HANG_SECONDS)


def echo(status: str) -> Responder:
    """Response with all that was sent, with the credentials in it."""

    def behave(request: Request, say: Say, _ended: threading.Event) -> None:
        told = request.head.encode() + b"\r\n" + request.body
        say(plain(status, f"X-Echo: {request.header('authorization')}", body=told))

    return behave


class MailReceiver(_Listener):
    """Takes mail in the clear. ``mode`` says how; ``heard``: all lines that were said to it."""

    def __init__(self, address: str, port: int) -> None:
        self.mode = "good"
        self.heard: list[str] = []
        self.mails: list[str] = []
        self.context: ssl.SSLContext | None = None
        super().__init__(address, port)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            connection.settimeout(30)
            if self.mode == "hang":
                self._ended.wait(HANG_SECONDS)
            while self.mode == "endless" and not self._ended.is_set():
                connection.sendall(b"220-more\r\n" * 1000)
            connection.sendall(b"\x00\xff garbage\r\n" if self.mode == "garbage" else b"220 hello\r\n")
            self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            must_secure = self._listen(connection, lines)
        if must_secure and self.context:
            with (
                self.context.wrap_socket(connection, server_side=True) as stream,
                stream.makefile("rb") as lines,
            ):
                self._listen(stream, lines)

    def _listen(self, stream: socket.socket, lines: BufferedReader) -> bool:
        """Response until the end; tell whether TLS is to begin."""
        while line := lines.readline():
            said = line.decode("latin-1").strip()
            self.heard.append(said)
            match said[:4].upper():
                case "EHLO":
                    offers = b"250-STARTTLS\r\n" if self.context else b""
                    stream.sendall(b"250-me\r\n" + offers + b"250 AUTH PLAIN LOGIN\r\n")
                case "STAR":
                    stream.sendall(b"220 go\r\n" if self.context else b"502 no\r\n")
                    if self.context:
                        return True
                case "AUTH":
                    stream.sendall(b"235 in\r\n")
                case "DATA":
                    stream.sendall(b"354 go on\r\n")
                    stream.sendall(self._take(lines))
                case "QUIT":
                    stream.sendall(b"221 bye\r\n")
                    return False
                case _:
                    stream.sendall(b"250 ok\r\n")
        return False

    def _take(self, lines: BufferedReader) -> bytes:
        mail = b""
        while (part := lines.readline()) not in {b".\r\n", b""}:
            mail += part
        self.mails.append(mail.decode("latin-1"))
        return f"554 no: {' '.join(self.heard)[:400]}\r\n".encode() if self.mode == "echo" else b"250 ok\r\n"
