"""What serves webhook receivers: each path is one, and names the responder that it has.

Its responders write bytes, so they can break HTTP, and one task serves each of hundreds of connections. What
keeps to HTTP is `local.receiver`, which the demo has too and whose responses are values.

As a process of its own it is started by ``receivers.Receivers``, which controls it over the same port.
"""

import asyncio
import json
import ssl
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

from tests.stack import http, responders
from tests.stack.exchanges import Exchange, ReceivedRequest, ReceiverState
from tests.stack.http import Message
from tests.stack.responders import Responder


class ReceiverServer:
    """Serves requests. ``find``: chooses the responder of a path."""

    def __init__(self, state: ReceiverState, find: Callable[[str], Responder] = responders.find) -> None:
        self.state = state
        self._find = find

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            with suppress(ConnectionError, TimeoutError, ssl.SSLError):
                while (message := await http.read_message(reader)) is not None:
                    if message.path.startswith(http.CONTROL):
                        writer.write(http.json_response(self._control(message)))
                        await writer.drain()
                    elif not await self._receive(message, reader, writer):
                        break
        except asyncio.CancelledError:
            writer.transport.abort()  # nobody may ever take what is still to be sent
            raise
        finally:
            writer.close()

    async def _receive(
        self, message: Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Keep a request, and have it responded to; tell whether the connection can go on."""
        state, path, webhook_id = self.state, message.path, message.headers.get("webhook-id", "")
        authorization = message.headers.get("authorization", "")
        request = ReceivedRequest(webhook_id, path, time.monotonic(), authorization)
        state.received.append(request)
        state.requests[path] += 1
        state.seen[path, webhook_id] += 1
        state.first_at.setdefault(path, request.at)
        exchange = Exchange(state, message, request, state.seen[path, webhook_id], reader, writer)
        return await self._find(path)(exchange)

    def _control(self, message: Message) -> object:
        match message.path.removeprefix(http.CONTROL):
            case "received":
                return [asdict(request) for request in self.state.received]
            case "counts":
                return self.state.requests
            case "provoked":
                return self.state.provoked
            case "peak-memory":
                return self.state.peak_memory
            case "forget":
                self.state.received.clear()
            case "recover":
                self.state.recovered = json.loads(message.body)
        return None


if __name__ == "__main__":
    http.run(ReceiverServer(ReceiverState(ministack=int(sys.argv[1]))).serve)
