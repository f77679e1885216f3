"""A manager's GraphQL endpoint on the loopback that answers what a test says."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from local.http_server import LoopbackServer, QuietHandler


class ManagerServer(LoopbackServer):
    """It records each request, and answers with the next of ``answers``, the last one for ever.

    A response: status, and a document, bytes as they are, seconds between the bytes of an endless one, or
    a function that makes the document of the request's variables.
    """

    def __init__(self, *answers: tuple[int, object]) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answers = list(answers)
        self.stopped = threading.Event()
        super().__init__(self._handler())

    def close(self) -> None:
        """Stop serving, endless responses too."""
        self.stopped.set()
        super().close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(QuietHandler):
            def _serve(self) -> None:
                body = json.loads(self.body())
                server.requests.append((self.path, dict(self.headers), body))
                status, answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
                if isinstance(answer, float):
                    self._drip(answer)
                    return
                answer = answer(body["variables"]) if callable(answer) else answer
                content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                moved = {"Location": f"{server.url}/elsewhere"} if status in {301, 302, 307} else {}
                self.respond(status, content, moved)

            do_POST = _serve  # noqa: N815 - http.server's name

            def _drip(self, seconds: float) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                while not server.stopped.wait(seconds):
                    try:
                        self.wfile.write(b" ")
                        self.wfile.flush()
                    except OSError:
                        return

        return Handler


@contextmanager
def manager(*answers: tuple[int, object]) -> Iterator[ManagerServer]:
    """Serve for a test."""
    with ManagerServer(*answers) as server:
        yield server
