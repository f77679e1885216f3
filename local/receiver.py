"""A receiver of webhooks on a loopback port, for the demo and the tests."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

WAIT_SECONDS = 60.0
POLL_SECONDS = 0.01
"""How soon it notices that it is to end."""


@dataclass(frozen=True)
class Received:
    """One request as it came. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class Reply:
    """What to answer with, and how long to wait first."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    delay_seconds: float = 0.0


class Receiver:
    """Serves from ``with`` to its end; ``reply`` decides each answer. ``port``: a free one without it."""

    def __init__(self, reply: Callable[[Received], Reply] = lambda _: Reply(), *, port: int = 0) -> None:
        self.received: list[Received] = []
        self._arrived = threading.Condition()
        self._server = _Server(("127.0.0.1", port), _handler(self, reply))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def wait_for(
        self, count: int, *, path: str | None = None, seconds: float = WAIT_SECONDS
    ) -> list[Received]:
        """Wait until so many requests came (to a path, if given) and return them.

        Raises:
            TimeoutError: with what came until then.
        """
        deadline = time.monotonic() + seconds
        with self._arrived:
            while len(found := self.at(path)) < count:
                if not self._arrived.wait(deadline - time.monotonic()):
                    raise TimeoutError(
                        f"{len(found)} of {count} requests came to {path or self.url}: {found}"
                    )
            return found

    def at(self, path: str | None) -> list[Received]:
        """Return what came to a path so far."""
        return [request for request in self.received if path in (None, request.path)]

    def add(self, request: Received) -> None:
        """Keep a request."""
        with self._arrived:
            self.received.append(request)
            self._arrived.notify_all()

    def __enter__(self) -> Self:
        """Start serving."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 512


def _handler(receiver: Receiver, reply: Callable[[Received], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Received(self.command, self.path, headers, self.rfile.read(length))
            answer = reply(request)
            time.sleep(answer.delay_seconds)
            receiver.add(request)
            with suppress(ConnectionError):  # a sender may have no patience
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_PATCH = _serve  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Be quiet."""

    return Handler
