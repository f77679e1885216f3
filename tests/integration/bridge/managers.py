"""A manager's GraphQL endpoint on the loopback that answers what a test says."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ManagerServer:
    """It records each request, and answers with the next of ``answers``, the last one for ever.

    A response: status, and a document, bytes as they are, seconds between the bytes of an endless one, or
    a function that makes the document of the request's variables.
    """

    def __init__(self, *answers: tuple[int, object]) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answers = list(answers)
        self.stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self.stopped.set()
        self._server.shutdown()
        self._thread.join(60)
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append((self.path, dict(self.headers), body))
                status, answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
                if isinstance(answer, float):
                    self._drip(answer)
                    return
                answer = answer(body["variables"]) if callable(answer) else answer
                content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                if status in {301, 302, 307}:
                    self.send_header("Location", f"{server.endpoint}/elsewhere")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def _drip(self, seconds: float) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                while not server.stopped.wait(seconds):
                    try:
                        self.wfile.write(b" ")
                    except OSError:
                        return

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def manager(*answers: tuple[int, object]) -> Iterator[ManagerServer]:
    """Serve for a test."""
    server = ManagerServer(*answers)
    try:
        yield server
    finally:
        server.close()
