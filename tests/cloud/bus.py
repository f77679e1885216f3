"""A stand-in for EventBridge that takes events over HTTP, keeps them, and refuses when it is told to."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

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


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a bridge that was killed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def standing_in(port: int = 0, bus: Bus | None = None) -> Iterator[Bus]:
    """Run one; stopping it is EventBridge being away."""
    taking = bus or Bus()
    server = _Server(("127.0.0.1", port), _handler(taking))
    taking.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield taking
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(bus: Bus) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # an answer is one packet

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:  # whoever sent it was killed
                self.close_connection = True
                return
            status, document = bus.receive(json.loads(body)["Entries"])
            text = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class names it
            """Log no requests."""

    return Handler
