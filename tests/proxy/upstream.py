"""From the proxy to AWS's APIs."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tests.proxy.throttle.responses import Response
from tests.stack import http
from tests.stack.http import Message

DYNAMODB = "DynamoDB_20120810"


class Upstream:
    """A connection to AWS's APIs, made when it is needed, and anew when it has ended."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, message: Message) -> Message:
        """Pass a request on; return the answer as it came."""
        for _ in range(2):  # a kept connection may have been closed meanwhile
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            with suppress(ConnectionError):
                writer.write(message.head + message.body)
                await writer.drain()
                answered = await http.read_message(reader)
                if answered is not None:
                    return answered
            self.close()
        raise ConnectionResetError

    async def ask(self, asked: Message, operation: str, parameters: Mapping[str, Any]) -> Response:
        """Do an operation of DynamoDB for whoever asked for another one."""
        body = json.dumps(parameters).encode()
        headers = asked.headers | {
            "x-amz-target": f"{DYNAMODB}.{operation}",
            "content-length": str(len(body)),
        }
        lines = [asked.first, *(f"{name}: {value}" for name, value in headers.items() if name), "", ""]
        head = "\r\n".join(lines).encode("latin-1")
        answered = await self.exchange(Message(asked.first, headers, head, body))
        return Response(int(answered.first.split(" ")[1]), json.loads(answered.body))

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
