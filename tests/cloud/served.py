"""The API's functions in this process, served over HTTP, so that ./backend.ai can be run against them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from local.http_server import LoopbackServer, QuietHandler
from tests.cloud import gateway
from tests.cloud.pipeline import Death

DEAD = 502
"""What API Gateway answers for a function that died."""


@dataclass(frozen=True)
class Asked:
    """A request: its method, its path with the query, its body, and the status of the answer."""

    method: str
    target: str
    body: str
    status: int


class ServedApi(LoopbackServer):
    """Serves one request at a time, as the functions' permissions are checked for the whole process.

    ``asked``: what was asked for. ``before``: called before each request, with its method and target.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.before: Callable[[str, str], None] = lambda _method, _target: None
        self._lock = threading.Lock()
        super().__init__(_handler(self))

    def environment(self, key: tuple[str, str] = (gateway.ACCESS_KEY, gateway.SECRET_KEY)) -> dict[str, str]:
        """Return the variables with which the command line finds it. ``key``: whose keypair it uses."""
        return {
            "BACKEND_ENDPOINT": f"{self.url}/{gateway.STAGE}",
            "BACKEND_ACCESS_KEY": key[0],
            "BACKEND_SECRET_KEY": key[1],
        }

    def answer(self, method: str, target: str, headers: dict[str, str], body: str) -> gateway.Answer:
        """Have the function of a route answer."""
        with self._lock:
            self.before(method, target)
            try:
                answer = gateway.invoke(gateway.proxy_event(method, target, headers, body or None))
            except Death:
                answer = gateway.Answer(DEAD, "application/json", '{"message": "Internal server error"}')
            self.asked.append(Asked(method, target, body, answer.status))
            return answer


def _handler(api: ServedApi) -> type[BaseHTTPRequestHandler]:
    class Handler(QuietHandler):
        def _serve(self) -> None:
            body = self.body().decode()
            target = self.path.removeprefix(f"/{gateway.STAGE}")
            answer = api.answer(self.command, target, dict(self.headers.items()), body)
            self.respond(answer.status, answer.text.encode(), {"Content-Type": answer.content_type})

        do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - http.server's names

    return Handler
