"""How receivers respond. Each responder takes an exchange and tells whether the connection can go on."""

import asyncio
import os
import signal
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.stack import processes
from tests.stack.exchanges import Exchange

KILLS = 4
"""So many processes one receiver kills at most, and only in its first seconds: the rest must come through."""

KILLING_SECONDS = 20.0
ASKED_SECONDS = 4
"""What Retry-After asks for."""

ENDLESS_BYTES = 10 * 1024**3
NEW_CREDENTIAL = "Bearer new"
PIECE = b"x" * 65_536

Responder = Callable[[Exchange], Awaitable[bool]]


def find(path: str) -> Responder:
    """Find the responder that a path names; one like ``status-404`` always responds so."""
    name = path.split("/")[1]
    if name.startswith("status-"):
        return lambda exchange: _status(exchange, int(name.removeprefix("status-")))
    return RESPONDERS[name]


async def _status(exchange: Exchange, status: int) -> bool:
    exchange.provoked()
    return await exchange.respond(status, b"no", Location="http://127.0.0.1:1/elsewhere")


async def _accept(exchange: Exchange) -> bool:
    return await exchange.accept()


async def _fail_first(exchange: Exchange) -> bool:
    return await (_status(exchange, 500) if exchange.attempt == 1 else exchange.accept())


async def _flap(exchange: Exchange) -> bool:
    odd = exchange.state.requests[exchange.request.path] % 2
    return await (_status(exchange, 500) if odd else exchange.accept())


async def _until_recovered(exchange: Exchange) -> bool:
    return await (exchange.accept() if exchange.state.recovered else _status(exchange, 500))


async def _new_credential(exchange: Exchange) -> bool:
    is_new = exchange.request.authorization == NEW_CREDENTIAL
    return await (exchange.accept() if is_new else _status(exchange, 503))


async def _retry_after_seconds(exchange: Exchange) -> bool:
    if exchange.attempt > 1:
        return await exchange.accept()
    exchange.provoked()
    return await exchange.respond(429, Retry_After=str(ASKED_SECONDS))


async def _retry_after_date(exchange: Exchange) -> bool:
    if exchange.attempt > 1:
        return await exchange.accept()
    exchange.provoked()
    moment = datetime.now(UTC) + timedelta(seconds=ASKED_SECONDS + 1)  # the date has no fractions
    return await exchange.respond(429, Retry_After=format_datetime(moment, usegmt=True))


async def _reset(exchange: Exchange) -> bool:
    exchange.provoked()
    connection: socket.socket = exchange.writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.writer.transport.abort()
    return False


async def _reset_twice(exchange: Exchange) -> bool:
    return await (_reset(exchange) if exchange.attempt <= 2 else exchange.accept())


async def _hang(exchange: Exchange) -> bool:
    exchange.provoked()
    await exchange.reader.read()  # until the sender has no patience any more
    return False


async def _hang_until_recovered(exchange: Exchange) -> bool:
    return await (exchange.accept() if exchange.state.recovered else _hang(exchange))


async def _accept_slowly(exchange: Exchange) -> bool:
    """Take a while, so that each message needs a process of its own: this warms functions up."""
    await asyncio.sleep(1)
    return await exchange.accept()


async def _byte_by_byte(exchange: Exchange) -> bool:
    exchange.provoked()
    exchange.request.accepted = True
    exchange.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        exchange.writer.write(b"x")
        await exchange.writer.drain()
        await asyncio.sleep(0.05)


async def _endless(exchange: Exchange) -> bool:
    """Send 10 GB to whoever takes them, and note how much memory the sender had at most."""
    exchange.provoked()
    exchange.request.accepted = True
    pid = exchange.sender()
    exchange.writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {ENDLESS_BYTES}\r\n\r\n".encode())
    try:
        for _ in range(ENDLESS_BYTES // len(PIECE)):
            exchange.writer.write(PIECE)
            await exchange.writer.drain()
    finally:
        peaks = exchange.state.peak_memory
        peaks[exchange.request.path] = max(peaks[exchange.request.path], processes.peak_memory(pid or 0))
    return False


async def _garbage(exchange: Exchange) -> bool:
    exchange.provoked()
    exchange.writer.write(b"\x00\xff" + os.urandom(500).replace(b"\n", b"?"))
    await exchange.writer.drain()
    return False


async def _endless_headers(exchange: Exchange) -> bool:
    exchange.provoked()
    exchange.writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        exchange.writer.write(b"X-More: " + PIECE[:4000] + b"\r\n")
        await exchange.writer.drain()


async def _kill(exchange: Exchange, number: int, *, respond_first: bool) -> bool:
    """Kill the sender when the message comes for the ``number``-th time: before or after the response."""
    path = exchange.request.path
    in_time = time.monotonic() - exchange.state.first_at[path] < KILLING_SECONDS
    if exchange.attempt < number:
        return await exchange.respond(500)
    if exchange.attempt > number or not in_time or exchange.state.provoked[path] >= KILLS:
        return await exchange.accept()
    exchange.request.accepted = True
    pid = exchange.sender()
    if respond_first:
        await exchange.respond(200)
    if pid is not None and processes.kill(exchange.state.ministack, pid):
        exchange.provoked()
    return False


async def _end(exchange: Exchange, number: int) -> bool:
    """Send the sender a signal whenever the message comes, and never take it."""
    pid = exchange.sender()
    if pid is not None and processes.kill(exchange.state.ministack, pid, number):
        exchange.provoked()
    await exchange.reader.read()  # until the process is gone
    return False


RESPONDERS: dict[str, Responder] = {
    "accept": _accept,
    "fail-first": _fail_first,
    "flap": _flap,
    "until-recovered": _until_recovered,
    "new-credential": _new_credential,
    "retry-after-seconds": _retry_after_seconds,
    "retry-after-date": _retry_after_date,
    "reset": _reset,
    "reset-twice": _reset_twice,
    "hang": _hang,
    "hang-until-recovered": _hang_until_recovered,
    "accept-slowly": _accept_slowly,
    "byte-by-byte": _byte_by_byte,
    "endless": _endless,
    "garbage": _garbage,
    "endless-headers": _endless_headers,
    "end-killed": lambda exchange: _end(exchange, signal.SIGKILL),
    "end-aborted": lambda exchange: _end(exchange, signal.SIGABRT),
    "end-stopped": lambda exchange: _end(exchange, signal.SIGSTOP),
    "kill-during": lambda exchange: _kill(exchange, 1, respond_first=False),
    "kill-after": lambda exchange: _kill(exchange, 1, respond_first=True),
    "kill-retry-during": lambda exchange: _kill(exchange, 2, respond_first=False),
    "kill-retry-after": lambda exchange: _kill(exchange, 2, respond_first=True),
}
