"""The receivers of all faults, one process: ``/RESPONDER/NAME`` says how, and which one is meant."""

import asyncio
import json
import sys
import time
from contextlib import suppress
from dataclasses import asdict

from tests.stack import http
from tests.stack.exchanges import Exchange, ReceivedRequest, ReceiverState
from tests.stack.http import Message
from tests.stack.responders import responder


async def serve(state: ReceiverState, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection."""
    with suppress(ConnectionError, TimeoutError):
        while (message := await http.read_message(reader)) is not None:
            if message.path.startswith(http.CONTROL):
                writer.write(http.json_response(_control(state, message)))
                await writer.drain()
            elif not await _receive(state, message, reader, writer):
                break
    writer.close()


async def _receive(
    state: ReceiverState, message: Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    path, webhook_id = message.path, message.headers.get("webhook-id", "")
    request = ReceivedRequest(webhook_id, path, time.monotonic(), message.headers.get("authorization", ""))
    state.received.append(request)
    state.requests[path] += 1
    state.seen[path, webhook_id] += 1
    state.first_at.setdefault(path, request.at)
    exchange = Exchange(state, request, state.seen[path, webhook_id], reader, writer)
    return await responder(path.split("/")[1])(exchange)


def _control(state: ReceiverState, message: Message) -> object:
    match message.path.removeprefix(http.CONTROL):
        case "received":
            return [asdict(request) for request in state.received]
        case "counts":
            return state.requests
        case "provoked":
            return state.provoked
        case "peak-memory":
            return state.peak_memory
        case "forget":
            state.received.clear()
        case "recover":
            state.recovered = json.loads(message.body)
    return None


def main() -> None:
    """Serve; the argument is ministack's process id."""
    state = ReceiverState(int(sys.argv[1]))
    http.run(lambda reader, writer: serve(state, reader, writer))


if __name__ == "__main__":
    main()
