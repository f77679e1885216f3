"""Between the functions and AWS's APIs: it passes on, and makes the faults that it is told.

The harness gives a list of faults, each with a name, an ``act``, and which requests it is for: by
``operation`` (the end of X-Amz-Target), by what they contain, by a share of them, and how many at most.
What meets none of them may still be more than DynamoDB's partitions take: see ``throttle``.
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
from functools import partial
from typing import Any

from tests.proxy.refusals import refusal
from tests.proxy.throttle.buckets import Choke, Rates
from tests.proxy.throttle.gate import Gate
from tests.proxy.throttle.responses import BAD_REQUEST, Response
from tests.proxy.throttle.updates import UnknownExpressionError
from tests.proxy.upstream import DYNAMODB, Upstream
from tests.stack import http, processes
from tests.stack.http import Message


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
class ProxyServer:
    """What the proxy knows. ``made``: how often each fault was made. ``gate``: what DynamoDB takes."""

    ministack: int
    upstream: int
    faults: list[Fault] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)
    gate: Gate | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, with one of its own to AWS's APIs."""
        forward = Upstream(self.upstream)
        try:
            with suppress(ConnectionError):
                while (message := await http.read_message(reader)) is not None:
                    if message.path.startswith(http.CONTROL):
                        writer.write(http.json_response(self._control(message)))
                    elif not await self._pass(message, forward, writer):
                        return
                    await writer.drain()
        finally:
            forward.close()
            writer.close()

    def _control(self, message: Message) -> object:
        if message.path == http.CONTROL + "faults":
            self.faults = [Fault(**values) for values in json.loads(message.body)]
        if message.path == http.CONTROL + "throttle":
            self.gate = _gate(json.loads(message.body))
        if message.path == http.CONTROL + "throttled":
            return self.gate.refused if self.gate else {}
        return self.made

    async def _pass(self, message: Message, forward: Upstream, writer: asyncio.StreamWriter) -> bool:
        fault = next((fault for fault in self.faults if self._is_due(fault) and fault.meets(message)), None)
        if fault is None:
            writer.write(await self._done(message, forward))
            return True
        if fault.act in {"kill-before", "kill-after"}:
            return await self._kill(fault, message, forward, writer)
        self.made[fault.name] += 1
        if fault.act == "lose":
            await forward.exchange(message)
            _reset(writer)
            return False
        writer.write(await refusal(fault.act, message, forward))
        return True

    async def _done(self, message: Message, forward: Upstream) -> bytes:
        """Have a request done, unless it is more than DynamoDB's partitions take."""
        service, _, operation = message.headers.get("x-amz-target", "").partition(".")
        if self.gate is not None and service == DYNAMODB:
            request = json.loads(message.body)
            try:
                given = await self.gate.serve(operation, request, partial(forward.ask, message))
            except (UnknownExpressionError, NotImplementedError) as error:  # better no fault than a wrong one
                told = {"__type": "ValidationException", "message": f"The proxy cannot count it: {error}"}
                given = Response(BAD_REQUEST, told)
            if given is not None:
                return http.json_response(given.document, given.status)
        answered = await forward.exchange(message)
        return answered.head + answered.body

    def _is_due(self, fault: Fault) -> bool:
        return fault.limit is None or self.made[fault.name] < fault.limit

    async def _kill(
        self, fault: Fault, message: Message, forward: Upstream, writer: asyncio.StreamWriter
    ) -> bool:
        """Kill who asks: before its request is passed on, or when it is done but not answered."""
        ports = [writer.get_extra_info(name)[1] for name in ("peername", "sockname")]
        pid = processes.client(self.ministack, *ports)
        if fault.act == "kill-after":
            await forward.exchange(message)
        if pid is not None and processes.kill(self.ministack, pid):
            self.made[fault.name] += 1
        return False


def _gate(values: dict[str, Any]) -> Gate | None:
    if not values:
        return None
    chokes = [Choke(**choke) for choke in values.pop("chokes", ())]
    return Gate(Rates(**values, chokes=chokes))


def _reset(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def main() -> None:
    """Serve; the arguments are ministack's process id and port."""
    proxy = ProxyServer(int(sys.argv[1]), int(sys.argv[2]))
    http.run(proxy.serve)


if __name__ == "__main__":
    main()
