"""The receivers of all faults, one process: ``/BEHAVIOUR/NAME`` says how to behave, and who is meant."""

import asyncio
import json
import sys
import time
from contextlib import suppress
from dataclasses import asdict

from tests.stack import http
from tests.stack.behaviours import behaviour
from tests.stack.http import Message
from tests.stack.visits import Hall, Reception, Visit


async def serve(hall: Hall, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection."""
    with suppress(ConnectionError, TimeoutError):
        while (message := await http.read_message(reader)) is not None:
            if message.path.startswith(http.CONTROL):
                writer.write(http.answer_json(_control(hall, message)))
                await writer.drain()
            elif not await _receive(hall, message, reader, writer):
                break
    writer.close()


async def _receive(
    hall: Hall, message: Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    path, webhook_id = message.path, message.headers.get("webhook-id", "")
    reception = Reception(webhook_id, path, time.monotonic(), message.headers.get("authorization", ""))
    hall.receptions.append(reception)
    hall.requests[path] += 1
    hall.seen[path, webhook_id] += 1
    hall.first_at.setdefault(path, reception.at)
    visit = Visit(hall, reception, hall.seen[path, webhook_id], reader, writer)
    return await behaviour(path.split("/")[1])(visit)


def _control(hall: Hall, message: Message) -> object:
    match message.path.removeprefix(http.CONTROL):
        case "receptions":
            return [asdict(reception) for reception in hall.receptions]
        case "counts":
            return hall.requests
        case "provoked":
            return hall.provoked
        case "peak-memory":
            return hall.peak_memory
        case "forget":
            hall.receptions.clear()
        case "well":
            hall.well = json.loads(message.body)
    return None


def main() -> None:
    """Serve; the argument is ministack's process id."""
    hall = Hall(int(sys.argv[1]))
    http.run(lambda reader, writer: serve(hall, reader, writer))


if __name__ == "__main__":
    main()
