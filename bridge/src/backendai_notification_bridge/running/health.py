"""``/healthz`` and ``/metrics`` over HTTP."""

import json
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from backendai_notification_bridge.core.errors import WrongSettings

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def serve(
    host: str, port: int, problems: Callable[[], list[str]], metrics: Callable[[], bytes]
) -> ThreadingHTTPServer:
    """Make the server; ``problems`` tells what is not as it should be.

    Raises:
        WrongSettings: it cannot listen there.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path == "/healthz":
                found = problems()
                status = HTTPStatus.SERVICE_UNAVAILABLE if found else HTTPStatus.OK
                told = {"status": "failing" if found else "ok", "problems": found}
                self._answer(status, "application/json", json.dumps(told).encode())
            elif self.path == "/metrics":
                self._answer(HTTPStatus.OK, METRICS_TYPE, metrics())
            else:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"/healthz or /metrics\n")

        def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class names it
            """Log no requests."""

    try:
        server = ThreadingHTTPServer((host, port), Handler)
    except OSError as error:
        raise WrongSettings(f"health.port: cannot listen on {host}:{port}: {error.strerror}") from None
    server.daemon_threads = True
    return server
