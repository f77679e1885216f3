"""A receiver of webhooks that costs little: what is measured is the sender."""

import argparse
import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HEAD_END = b"\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
END_SECONDS = 10

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


class _Answering(asyncio.Protocol):
    """Reads request after request of one connection and answers each with 200.

    Of HTTP it knows what our sender says: a length, if there is a body, and never chunks.
    """

    received = 0
    """By all connections."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._pending = b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - asyncio's are
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        data = self._pending + data
        while (head_end := data.find(HEAD_END)) >= 0:
            length = _LENGTH.search(data, 0, head_end)
            end = head_end + len(HEAD_END) + (int(length[1]) if length else 0)
            if len(data) < end:
                break
            data = data[end:]
            _Answering.received += 1
            if self._delay:
                self._loop.call_later(self._delay, self._transport.write, ANSWER)
            else:
                self._transport.write(ANSWER)
        self._pending = data


@dataclass
class Sink:
    """A sink in a process of its own. ``received``: how many requests it got, once it has ended."""

    url: str
    received: int | None = None


@contextmanager
def sink(delay: float = 0.0) -> Iterator[Sink]:
    """Run a sink on a free port of 127.0.0.1. ``delay``: seconds before each answer."""
    command: list[str | Path] = [sys.executable, Path(__file__), "--delay", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout  # noqa: S101 - it is a pipe
        running = Sink(json.loads(process.stdout.readline())["url"])
        try:
            yield running
        finally:
            process.terminate()
            answer, _ = process.communicate(timeout=END_SECONDS)
            running.received = json.loads(answer)["received"]


async def _serve(port: int, delay: float) -> None:
    """Tell where it listens, serve until SIGTERM or Ctrl-C, and tell how many requests came."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Answering(delay), "127.0.0.1", port, backlog=1024)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    host, bound = server.sockets[0].getsockname()
    print(json.dumps({"url": f"http://{host}:{bound}/hook"}), flush=True)
    await ended.wait()
    server.close()
    print(json.dumps({"received": _Answering.received}), flush=True)


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.delay))


if __name__ == "__main__":
    main()
