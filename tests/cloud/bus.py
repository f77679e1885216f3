"""A stand-in for EventBridge that takes events over HTTP, keeps them, and refuses when it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from local.http_server import LoopbackServer, QuietHandler

Entry = dict[str, Any]
Answer = tuple[int, dict[str, Any]]
"""A status and a document."""

CHOSEN_ID = "backend.ai:event-id:"


class Bus:
    """What came. ``behave``: answers a request instead of taking it all, None to take it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.requests = 0
        self.behave: Callable[[list[Entry]], Answer | None] = lambda _: None
        self.url = ""
        self._lock = threading.Lock()

    def receive(self, entries: list[Entry]) -> Answer:
        """Take a request's entries, or not."""
        with self._lock:
            self.requests += 1
            answer = self.behave(entries)
            if answer is None:
                self.entries += entries
                results: list[Entry] = [{"EventId": "x"} for _ in entries]
                return 200, {"FailedEntryCount": 0, "Entries": results}
            results = answer[1].get("Entries", [])
            self.entries += [
                entry for entry, result in zip(entries, results, strict=False) if "EventId" in result
            ]
            return answer

    def ids(self) -> list[str]:
        """Return the ids of what was taken, in order; those that came twice are there twice."""
        with self._lock:
            return [entry["Resources"][0].removeprefix(CHOSEN_ID) for entry in self.entries]


@contextmanager
def standing_in(port: int = 0, bus: Bus | None = None) -> Iterator[Bus]:
    """Run one; stopping it is EventBridge being away."""
    taking = bus or Bus()
    with LoopbackServer(_handler(taking), port) as server:
        taking.url = server.url
        yield taking


def _handler(bus: Bus) -> type[BaseHTTPRequestHandler]:
    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802 - http.server's name
            body = self.body()
            if len(body) < int(self.headers["Content-Length"]):  # whoever sent it was killed
                self.close_connection = True
                return
            status, document = bus.receive(json.loads(body)["Entries"])
            headers = {"Content-Type": "application/x-amz-json-1.1"}
            self.respond(status, json.dumps(document).encode(), headers)

    return Handler
