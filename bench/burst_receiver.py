"""The receiver of bursts: it answers at once, and notes when each webhook-id came."""

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass

BACKLOG = 1024
END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_WEBHOOK_ID = re.compile(rb"\r\nwebhook-id: *([^\r]+)", re.IGNORECASE)


@dataclass(slots=True)
class Reception:
    """When a webhook-id came first, by the monotonic clock, and how often it came."""

    at: float
    times: int = 1


class Connection(asyncio.Protocol):
    """One connection, kept as long as the other side likes."""

    def __init__(self, receptions: dict[str, Reception]) -> None:
        self._receptions = receptions
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(END_OF_HEAD)) >= 0:
            head = bytes(self._buffer[:end])
            length = _LENGTH.search(head)
            size = end + len(END_OF_HEAD) + (int(length[1]) if length else 0)
            if len(self._buffer) < size:
                return
            del self._buffer[:size]
            assert isinstance(self._transport, asyncio.Transport)  # noqa: S101 - it is TCP's
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        webhook_id = _WEBHOOK_ID.search(head)
        if webhook_id is None:
            body = json.dumps(self._control(head.split(b" ", 2)[1].decode())).encode()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        name = webhook_id[1].decode()
        if (reception := self._receptions.get(name)) is None:
            self._receptions[name] = Reception(time.monotonic())
        else:
            reception.times += 1
        return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    def _control(self, path: str) -> object:
        match path:
            case "/_count":
                return len(self._receptions)
            case "/_receptions":
                return {name: (one.at, one.times) for name, one in self._receptions.items()}
            case "/_forget":
                self._receptions.clear()
        return None


async def serve() -> None:
    """Serve on a free port, which is printed, until standard input ends: with the benchmark."""
    receptions: dict[str, Reception] = {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(receptions), "127.0.0.1", 0, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.buffer.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
