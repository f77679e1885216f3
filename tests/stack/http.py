"""As much HTTP as the receivers and the proxy need, and what is common to both processes."""

import asyncio
import json
import ssl
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

BACKLOG = 1024
MAX_HEAD_BYTES = 64 * 1024
CONTROL = "/_"
"""What the harness asks begins so; it is no request of a function."""

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response: its first line, its headers by lower-case name, and all of it as it came."""

    first: str
    headers: dict[str, str]
    head: bytes
    body: bytes

    @property
    def path(self) -> str:
        """The path of a request."""
        return self.first.split(" ")[1]


async def read_message(reader: asyncio.StreamReader) -> Message | None:
    """Read a message; None when the other side has ended the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("transfer-encoding") == "chunked":
            body = await _chunks(reader)
        else:
            body = await reader.readexactly(int(headers.get("content-length", 0)))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return Message(first, headers, head, body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    """Read a chunked body, and return it as it came, chunks and all."""
    parts: list[bytes] = []
    size = -1
    while size != 0:
        line = await reader.readuntil(b"\r\n")
        size = int(line, 16)
        parts += [line, await reader.readexactly(size + 2)]
    return b"".join(parts)


def response(status: int, body: bytes = b"ok", headers: dict[str, str] | None = None) -> bytes:
    """Write a response."""
    lines = [f"{name}: {value}\r\n" for name, value in (headers or {}).items()]
    head = f"HTTP/1.1 {status} X\r\n{''.join(lines)}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("latin-1") + body


def json_response(value: Any, status: int = 200) -> bytes:
    """Write a response of JSON."""
    return response(status, json.dumps(value).encode(), {"Content-Type": "application/x-amz-json-1.0"})


async def listen(
    handler: Handler, address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> asyncio.Server:
    """Serve from now on; without a port on a free one."""

    async def quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # the end, while a connection is open
            await handler(reader, writer)

    return await asyncio.start_server(quiet, address, port, limit=MAX_HEAD_BYTES, backlog=BACKLOG, ssl=tls)


def run(handler: Handler) -> None:
    """Serve on a free port, which is printed, until standard input ends: with the harness."""

    async def serve() -> None:
        server = await listen(handler)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.buffer.read)
        server.close()

    asyncio.run(serve())
