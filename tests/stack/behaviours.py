"""How receivers behave. Each takes a visit and tells whether the connection can go on."""

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
from tests.stack.visits import Visit

KILLS = 4
"""So many processes one receiver kills at most, and only in its first seconds: the rest must come through."""

KILLING_SECONDS = 20.0
ASKED_SECONDS = 4
"""What Retry-After asks for."""

ENDLESS_BYTES = 10 * 1024**3
NEW_CREDENTIAL = "Bearer new"
PIECE = b"x" * 65_536

Behaviour = Callable[[Visit], Awaitable[bool]]


def behaviour(name: str) -> Behaviour:
    """Find a behaviour; one like ``status-404`` always answers so."""
    if name.startswith("status-"):
        return lambda visit: _status(visit, int(name.removeprefix("status-")))
    return BEHAVIOURS[name]


async def _status(visit: Visit, status: int) -> bool:
    visit.provoked()
    return await visit.answer(status, b"no", Location="http://127.0.0.1:1/elsewhere")


async def _accept(visit: Visit) -> bool:
    return await visit.accept()


async def _fail_first(visit: Visit) -> bool:
    return await (_status(visit, 500) if visit.number == 1 else visit.accept())


async def _flap(visit: Visit) -> bool:
    odd = visit.hall.requests[visit.reception.path] % 2
    return await (_status(visit, 500) if odd else visit.accept())


async def _until_well(visit: Visit) -> bool:
    return await (visit.accept() if visit.hall.well else _status(visit, 500))


async def _new_credential(visit: Visit) -> bool:
    is_new = visit.reception.authorization == NEW_CREDENTIAL
    return await (visit.accept() if is_new else _status(visit, 503))


async def _retry_after_seconds(visit: Visit) -> bool:
    if visit.number > 1:
        return await visit.accept()
    visit.provoked()
    return await visit.answer(429, Retry_After=str(ASKED_SECONDS))


async def _retry_after_date(visit: Visit) -> bool:
    if visit.number > 1:
        return await visit.accept()
    visit.provoked()
    moment = datetime.now(UTC) + timedelta(seconds=ASKED_SECONDS + 1)  # the date has no fractions
    return await visit.answer(429, Retry_After=format_datetime(moment, usegmt=True))


async def _reset(visit: Visit) -> bool:
    visit.provoked()
    connection: socket.socket = visit.writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    visit.writer.transport.abort()
    return False


async def _reset_twice(visit: Visit) -> bool:
    return await (_reset(visit) if visit.number <= 2 else visit.accept())


async def _hang(visit: Visit) -> bool:
    visit.provoked()
    await visit.reader.read()  # until the sender has no patience any more
    return False


async def _hang_unless_well(visit: Visit) -> bool:
    return await (visit.accept() if visit.hall.well else _hang(visit))


async def _rest(visit: Visit) -> bool:
    """Take a while, so that each message needs a process of its own: this warms functions up."""
    await asyncio.sleep(1)
    return await visit.accept()


async def _byte_by_byte(visit: Visit) -> bool:
    visit.provoked()
    visit.reception.accepted = True
    visit.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        visit.writer.write(b"x")
        await visit.writer.drain()
        await asyncio.sleep(0.05)


async def _endless(visit: Visit) -> bool:
    """Send 10 GB to whoever takes them, and note how much memory the sender had at most."""
    visit.provoked()
    visit.reception.accepted = True
    pid = visit.client()
    visit.writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {ENDLESS_BYTES}\r\n\r\n".encode())
    try:
        for _ in range(ENDLESS_BYTES // len(PIECE)):
            visit.writer.write(PIECE)
            await visit.writer.drain()
    finally:
        peaks = visit.hall.peak_memory
        peaks[visit.reception.path] = max(peaks[visit.reception.path], processes.peak_memory(pid or 0))
    return False


async def _garbage(visit: Visit) -> bool:
    visit.provoked()
    visit.writer.write(b"\x00\xff" + os.urandom(500).replace(b"\n", b"?"))
    await visit.writer.drain()
    return False


async def _endless_headers(visit: Visit) -> bool:
    visit.provoked()
    visit.writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        visit.writer.write(b"X-More: " + PIECE[:4000] + b"\r\n")
        await visit.writer.drain()


async def _kill(visit: Visit, number: int, *, answer_first: bool) -> bool:
    """Kill the sender when the message comes for the ``number``-th time: before or right after the answer."""
    path = visit.reception.path
    in_time = time.monotonic() - visit.hall.first_at[path] < KILLING_SECONDS
    if visit.number < number:
        return await visit.answer(500)
    if visit.number > number or not in_time or visit.hall.provoked[path] >= KILLS:
        return await visit.accept()
    visit.reception.accepted = True
    pid = visit.client()
    if answer_first:
        await visit.answer(200)
    if pid is not None and processes.kill(visit.hall.ministack, pid):
        visit.provoked()
    return False


async def _end(visit: Visit, number: int) -> bool:
    """Send the sender a signal whenever the message comes, and never take it."""
    pid = visit.client()
    if pid is not None and processes.kill(visit.hall.ministack, pid, number):
        visit.provoked()
    await visit.reader.read()  # until the process is gone
    return False


BEHAVIOURS: dict[str, Behaviour] = {
    "accept": _accept,
    "fail-first": _fail_first,
    "flap": _flap,
    "until-well": _until_well,
    "new-credential": _new_credential,
    "retry-after-seconds": _retry_after_seconds,
    "retry-after-date": _retry_after_date,
    "reset": _reset,
    "reset-twice": _reset_twice,
    "hang": _hang,
    "hang-unless-well": _hang_unless_well,
    "rest": _rest,
    "byte-by-byte": _byte_by_byte,
    "endless": _endless,
    "garbage": _garbage,
    "endless-headers": _endless_headers,
    "end-killed": lambda visit: _end(visit, signal.SIGKILL),
    "end-aborted": lambda visit: _end(visit, signal.SIGABRT),
    "end-stopped": lambda visit: _end(visit, signal.SIGSTOP),
    "kill-during": lambda visit: _kill(visit, 1, answer_first=False),
    "kill-after": lambda visit: _kill(visit, 1, answer_first=True),
    "kill-retry-during": lambda visit: _kill(visit, 2, answer_first=False),
    "kill-retry-after": lambda visit: _kill(visit, 2, answer_first=True),
}
