"""What receivers remember, and what they know of one request."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from tests.stack import http, processes


@dataclass(slots=True)
class Reception:
    """A request that came whole. ``at``: by the monotonic clock, which all processes of a machine share.

    ``accepted``: the receiver has the message; it did not refuse it, though it may not have said so.
    """

    webhook_id: str
    path: str
    at: float
    authorization: str = ""
    accepted: bool = False


@dataclass
class Hall:
    """What all receivers remember."""

    ministack: int
    receptions: list[Reception] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    first_at: dict[str, float] = field(default_factory=dict)
    provoked: Counter[str] = field(default_factory=Counter)
    peak_memory: Counter[str] = field(default_factory=Counter)
    well: bool = False


@dataclass
class Visit:
    """One request to a receiver. ``number``: how often this message came to it, this time included."""

    hall: Hall
    reception: Reception
    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def provoked(self) -> None:
        """Note that the fault was really made."""
        self.hall.provoked[self.reception.path] += 1

    async def accept(self) -> bool:
        """Take the message and say so."""
        self.reception.accepted = True
        return await self.answer(200)

    async def answer(self, status: int, body: bytes = b"ok", **headers: str) -> bool:
        """Answer; the connection can go on."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.writer.write(http.answer(status, body, named))
        await self.writer.drain()
        return True

    def client(self) -> int | None:
        """Find the process that sent the request."""
        client_port = self.writer.get_extra_info("peername")[1]
        server_port = self.writer.get_extra_info("sockname")[1]
        return processes.client(self.hall.ministack, client_port, server_port)
