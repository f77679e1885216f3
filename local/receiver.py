"""A receiver of webhooks on a loopback port, for the demo and the tests."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from local.http_server import LoopbackServer, QuietHandler

WAIT_SECONDS = 60.0


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


class Receiver(LoopbackServer):
    """A server that keeps what it receives; ``reply`` decides each response."""

    def __init__(self, reply: Callable[[Received], Reply] = lambda _: Reply(), *, port: int = 0) -> None:
        self.received: list[Received] = []
        self._arrived = threading.Condition()
        super().__init__(_handler(self, reply), port)

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


def _handler(receiver: Receiver, reply: Callable[[Received], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(QuietHandler):
        def _serve(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Received(self.command, self.path, headers, self.body())
            response = reply(request)
            time.sleep(response.delay_seconds)
            receiver.add(request)
            self.respond(response.status, response.body, response.headers)

        do_GET = do_POST = do_PUT = do_PATCH = _serve  # noqa: N815 - http.server's names

    return Handler
