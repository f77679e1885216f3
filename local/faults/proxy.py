"""Between the functions and AWS's APIs: it passes on, and makes the faults that it is told.

The harness gives a list of faults, each with a name, an ``act``, and which requests it is for: by
``operation`` (the end of X-Amz-Target), by what they contain, by a share of them, and how many at most.
"""

import asyncio
import json
import random
import re
import socket
import struct
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from local.faults import http, processes
from local.faults.http import Message

DYNAMODB = "DynamoDB_20120810"
SQS = "AmazonSQS"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and for which requests."""

    name: str
    act: str
    service: str = DYNAMODB
    operation: str = ""
    containing: str = ""
    pattern: str = ""
    share: float = 1.0
    limit: int | None = None

    def meets(self, message: Message) -> bool:
        """Tell whether it is for a request; chance has a part in it."""
        target = message.headers.get("x-amz-target", "")
        return (
            target.startswith(self.service)
            and target.endswith(self.operation)
            and self.containing.encode() in message.body
            and (not self.pattern or re.search(self.pattern.encode(), message.body) is not None)
            and random.random() < self.share  # noqa: S311 - a share, no secret
        )


@dataclass
class Proxy:
    """What the proxy knows. ``made``: how often each fault was made."""

    ministack: int
    upstream: int
    faults: list[Fault] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, with one of its own to AWS's APIs."""
        forward = _Upstream(self.upstream)
        try:
            with suppress(ConnectionError):
                while (message := await http.read_message(reader)) is not None:
                    if message.path.startswith(http.CONTROL):
                        writer.write(http.answer_json(self._control(message)))
                    elif not await self._pass(message, forward, writer):
                        return
                    await writer.drain()
        finally:
            forward.close()
            writer.close()

    def _control(self, message: Message) -> object:
        if message.path == http.CONTROL + "faults":
            self.faults = [Fault(**values) for values in json.loads(message.body)]
        return self.made

    async def _pass(self, message: Message, forward: "_Upstream", writer: asyncio.StreamWriter) -> bool:
        fault = next((fault for fault in self.faults if self._is_due(fault) and fault.meets(message)), None)
        if fault is None:
            writer.write(await forward.exchange(message))
            return True
        if fault.act in {"kill-before", "kill-after"}:
            return await self._kill(fault, message, forward, writer)
        self.made[fault.name] += 1
        if fault.act == "lose":
            await forward.exchange(message)
            _reset(writer)
            return False
        writer.write(await _refusal(fault.act, message, forward))
        return True

    def _is_due(self, fault: Fault) -> bool:
        return fault.limit is None or self.made[fault.name] < fault.limit

    async def _kill(
        self, fault: Fault, message: Message, forward: "_Upstream", writer: asyncio.StreamWriter
    ) -> bool:
        """Kill who asks: before its request is passed on, or when it is done but not answered."""
        ports = [writer.get_extra_info(name)[1] for name in ("peername", "sockname")]
        pid = processes.client(self.ministack, *ports)
        if fault.act == "kill-after":
            await forward.exchange(message)
        if pid is not None and processes.kill(self.ministack, pid):
            self.made[fault.name] += 1
        return False


class _Upstream:
    """A connection to AWS's APIs, made when it is needed, and anew when it has ended."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, message: Message) -> bytes:
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
                    return answered.head + answered.body
            self.close()
        raise ConnectionResetError

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _refusal(act: str, message: Message, forward: _Upstream) -> bytes:
    if act in {"condition", "duplicate"}:  # done, but the answer tells of another's try
        await forward.exchange(message)
    return _told(act, message)


def _told(act: str, message: Message) -> bytes:  # noqa: PLR0911 - one answer for each act
    match act:
        case "throttle":
            code = random.choice(["ThrottlingException", "ProvisionedThroughputExceededException"])  # noqa: S311
            return _error(code, 400)
        case "error":
            return _error("InternalServerError", 500)
        case "condition":
            return _error("ConditionalCheckFailedException", 400)
        case "unprocessed":
            return http.answer_json({"UnprocessedItems": json.loads(message.body)["RequestItems"]})
        case "unmade":
            return _refused_statements(message, "ThrottlingError")
        case "duplicate":
            return _refused_statements(message, "DuplicateItem")
        case "unavailable":
            return _error("ServiceUnavailable", 503)
        case "refuse-entries":
            return http.answer_json({"Successful": [], "Failed": _refused(json.loads(message.body))})
    raise ValueError(act)


def _error(code: str, status: int) -> bytes:
    return http.answer_json({"__type": f"com.amazonaws.fault#{code}", "message": "as told"}, status)


def _refused_statements(message: Message, code: str) -> bytes:
    refusal = {"Error": {"Code": code, "Message": "as told"}}
    return http.answer_json({"Responses": [refusal for _ in json.loads(message.body)["Statements"]]})


def _refused(request: Any) -> list[dict[str, Any]]:
    return [
        {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError", "Message": "as told"}
        for entry in request["Entries"]
    ]


def _reset(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def main() -> None:
    """Serve; the arguments are ministack's process id and port."""
    proxy = Proxy(int(sys.argv[1]), int(sys.argv[2]))
    http.run(proxy.serve)


if __name__ == "__main__":
    main()
