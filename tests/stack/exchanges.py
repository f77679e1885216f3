"""What the receivers remember, and what a responder knows of the request that it answers."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from tests.stack import http, processes


@dataclass(slots=True)
class ReceivedRequest:
    """A request that came whole. ``at``: by the monotonic clock, which all processes of a machine share.

    ``accepted``: the receiver has the message; it did not refuse it, though it may not have said so.
    """

    webhook_id: str
    path: str
    at: float
    authorization: str = ""
    accepted: bool = False


@dataclass
class ReceiverState:
    """What all receivers remember. ``seen``: how often each message came to each path."""

    ministack: int
    received: list[ReceivedRequest] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    first_at: dict[str, float] = field(default_factory=dict)
    provoked: Counter[str] = field(default_factory=Counter)
    peak_memory: Counter[str] = field(default_factory=Counter)
    recovered: bool = False


@dataclass
class Exchange:
    """One request and its response. ``attempt``: how often this message came to this path, now included.

    ``message``: the request as it came.
    """

    state: ReceiverState
    message: http.Message
    request: ReceivedRequest
    attempt: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def provoked(self) -> None:
        """Note that the fault was really made."""
        self.state.provoked[self.request.path] += 1

    async def accept(self) -> bool:
        """Take the message and say so."""
        self.request.accepted = True
        return await self.respond(200)

    async def respond(self, status: int, body: bytes = b"ok", **headers: str) -> bool:
        """Respond; the connection can go on."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.writer.write(http.response(status, body, named))
        await self.writer.drain()
        return True

    async def send(self, data: bytes) -> None:
        """Send these bytes, whatever they are."""
        self.writer.write(data)
        await self.writer.drain()
        await asyncio.sleep(0)  # a sender that takes all at once must not keep the others waiting

    def sender(self) -> int | None:
        """Find the process that sent the request."""
        client_port = self.writer.get_extra_info("peername")[1]
        server_port = self.writer.get_extra_info("sockname")[1]
        return processes.client(self.state.ministack, client_port, server_port)
