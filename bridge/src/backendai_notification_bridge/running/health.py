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
    """Make the server. ``problems``: returns the present problems.

    Raises:
        WrongSettings: it cannot listen there.
    """
    try:
        server = ThreadingHTTPServer((host, port), _handler(problems, metrics))
    except OSError as error:
        raise WrongSettings(f"health.port: cannot listen on {host}:{port}: {error.strerror}") from None
    server.daemon_threads = True
    return server


def _handler(problems: Callable[[], list[str]], metrics: Callable[[], bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path == "/healthz":
                found = problems()
                status = HTTPStatus.SERVICE_UNAVAILABLE if found else HTTPStatus.OK
                told = {"status": "failing" if found else "ok", "problems": found}
                _answer(self, status, "application/json", json.dumps(told).encode())
            elif self.path == "/metrics":
                _answer(self, HTTPStatus.OK, METRICS_TYPE, metrics())
            else:
                _answer(self, HTTPStatus.NOT_FOUND, "text/plain", b"/healthz or /metrics\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class names it
            """Log no requests."""

    return Handler


def _answer(handler: BaseHTTPRequestHandler, status: HTTPStatus, kind: str, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
