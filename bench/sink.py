"""A receiver of webhooks that costs little: what is measured is the sender."""

import argparse
import json
import re
import select
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from local.common import ROOT, first_line

HEAD_END = b"\r\n\r\n"
READ_BYTES = 65_536
END_SECONDS = 10

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


class _Ended(Exception):
    """Somebody wants it to end."""


class _Server:
    """Reads request after request of its connections and answers each with 200, after a delay if it has one.

    Of HTTP it knows what our sender says: a length, if there is a body, and never chunks. It is a bare loop
    over epoll, since asyncio took longer for an answer than the sender for a request.
    """

    def __init__(self, port: int, delay: float, body: bytes) -> None:
        self.received = 0
        self._delay = delay
        self._reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        self._listener = socket.create_server(("127.0.0.1", port), backlog=1024)
        self._poll = select.epoll()
        self._poll.register(self._listener, select.EPOLLIN)
        self._connections: dict[int, socket.socket] = {}
        self._begun: dict[int, bytearray] = {}
        self._due: deque[tuple[float, socket.socket]] = deque()

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self._listener.getsockname()
        return f"http://{host}:{port}/hook"

    def serve(self) -> None:
        """Serve until a signal's handler raises."""
        listener = self._listener.fileno()
        while True:
            wait = max(0.0, self._due[0][0] - monotonic()) if self._due else None
            for number, _ in self._poll.poll(wait):
                if number == listener:
                    self._accept()
                else:
                    self._read(number)
            now = monotonic()
            while self._due and self._due[0][0] <= now:
                self._answer(self._due.popleft()[1])

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connections[connection.fileno()] = connection
        self._poll.register(connection, select.EPOLLIN)

    def _read(self, number: int) -> None:
        connection = self._connections[number]
        try:
            read = connection.recv(READ_BYTES)
        except ConnectionError:
            read = b""
        if not read:
            self._begun.pop(number, None)
            self._connections.pop(number).close()
            return
        data = self._begun.pop(number, bytearray())
        data += read
        while (head_end := data.find(HEAD_END)) >= 0:
            length = _LENGTH.search(data, 0, head_end)
            end = head_end + len(HEAD_END) + (int(length[1]) if length else 0)
            if len(data) < end:
                break
            data = data[end:]
            self.received += 1
            if self._delay:
                self._due.append((monotonic() + self._delay, connection))
            else:
                self._answer(connection)
        if data:
            self._begun[number] = data

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError):  # it has gone meanwhile
            connection.send(self._reply)


@dataclass
class Sink:
    """A sink in a process of its own. ``received``: how many requests it got, once it has ended."""

    url: str
    received: int | None = None


@contextmanager
def sink(delay: float = 0.0, body: str = "ok") -> Iterator[Sink]:
    """Run a sink on a free port of 127.0.0.1. ``delay``: seconds before each answer with this ``body``."""
    command = [sys.executable, "-m", "bench.sink", "--delay", str(delay), "--body", body]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        running = Sink(json.loads(first_line(process.stdout))["url"])
        try:
            yield running
        finally:
            process.terminate()
            answer, _ = process.communicate(timeout=END_SECONDS)
            running.received = json.loads(answer)["received"]


def _end(_number: int, _frame: object) -> None:
    raise _Ended


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--body", default="ok", help="of each answer")
    options = parser.parse_args()
    server = _Server(options.port, options.delay, options.body.encode())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    print(json.dumps({"url": server.url}), flush=True)
    with suppress(_Ended):
        server.serve()
    print(json.dumps({"received": server.received}), flush=True)


if __name__ == "__main__":
    main()
