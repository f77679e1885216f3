"""ministack that saves its state while it runs: by itself it does so only when it ends.

A copy of the process (fork) writes what was in memory at one instant, while the process itself goes on
answering.
"""

import asyncio
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NoReturn

import queue_ages
from hypercorn.__main__ import main
from ministack import app as ministack

SAVE_SECONDS = float(os.environ.get("LOCAL_SAVE_SECONDS", "30"))
"""The time from one save's end to the next one's start."""

SAVE_LIMIT_SECONDS = 20
"""How long a save may take. A copy may meet a lock whose holder was not copied: then another is made."""

LOW_PRIORITY = 19

STARTER = int(os.environ.get("LOCAL_STARTER", "0"))
"""The process without which this one ends, however that ended; 0 if it goes on without any."""

LOOK_SECONDS = 1.0

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve ministack, and save its state beside it."""
    if scope["type"] != "lifespan":
        await ministack.app(scope, receive, send)
        return
    saving = asyncio.create_task(_save_regularly())
    ending = asyncio.create_task(_end_with(STARTER)) if STARTER else None

    async def receive_after_the_last_save() -> Any:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            # ministack saves now, into the same files.
            saving.cancel()
            with suppress(asyncio.CancelledError):
                await saving
        return message

    await ministack.app(scope, receive_after_the_last_save, send)
    if ending is not None:
        ending.cancel()


async def _end_with(starter: int) -> None:
    while os.getppid() == starter:  # noqa: ASYNC110 - another process cannot set an Event
        await asyncio.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


async def _save_regularly() -> None:
    saved = True
    while True:
        await asyncio.sleep(SAVE_SECONDS if saved else 1)
        saved = await _save()


async def _save() -> bool:
    """Have a copy of this process write the state; tell whether it did."""
    copy = os.fork()
    if copy == 0:
        _write()
    deadline = time.monotonic() + SAVE_LIMIT_SECONDS
    ended = 0
    try:
        while time.monotonic() < deadline:
            ended, status = os.waitpid(copy, os.WNOHANG)  # noqa: ASYNC222 - it does not wait
            if ended:
                return os.waitstatus_to_exitcode(status) == 0
            await asyncio.sleep(0.05)
        return False
    finally:
        if not ended:
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)  # noqa: ASYNC222 - it is dead


def _write() -> NoReturn:
    """Write the state and end, without running anything that the original is to run."""
    code = 1
    try:
        gc.disable()  # a collection would copy each page that it touches
        logging.disable(logging.INFO)  # it tells of each file
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # the port is free when the original ends
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.nice(LOW_PRIORITY)
        ministack.save_all(ministack._build_persistence_save_dict())  # noqa: SLF001
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    queue_ages.teach()
    sys.modules["saved_ministack"] = sys.modules["__main__"]
    sys.exit(main())
