"""The command line against a real HTTP service on the loopback that answers what a test says."""

import json
import os
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from backendai_notification_cli.cli import PROGRAM, root
from local.http_server import LoopbackServer, QuietHandler
from tests.unit.cli.retries import Clock

ACCESS_KEY = "AKIAEXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI"
KEYPAIR_SOURCE = f"  The keypair {ACCESS_KEY} comes from the environment.\n"
ENDPOINT_SOURCE = "  The endpoint comes from the environment.\n"
"""What errors say of where settings come from."""

PROBLEM = "application/problem+json; charset=utf-8"
FOREIGN = ("BACKEND_", "BACKENDAI_", "NOTIFICATION_", "AWS_", "_BACKEND_AI")


class Service(LoopbackServer):
    """A loopback HTTP service: it records what it is sent and responds what it was told to."""

    def __init__(self, port: int = 0) -> None:
        self.requests: list[dict[str, Any]] = []
        self._answers: dict[tuple[str, str], list[tuple[int, bytes, dict[str, str]]]] = {}
        super().__init__(self._handler(), port)

    def answers(
        self, method: str, path: str, body: object, status: int = 200, content_type: str = "application/json"
    ) -> None:
        """Answer `method path` with this; several answers to one request are given in turn.

        A path that ends in `?*` stands for every query that no other answer names.
        """
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        headers = {"Content-Type": content_type}
        self._answers.setdefault((method, path), []).append((status, content, headers))

    def redirects(self, method: str, path: str, target: str) -> None:
        """Answer `method path` with a redirect."""
        self._answers[method, path] = [(302, b"", {"Location": target})]

    @property
    def last(self) -> dict[str, Any]:
        """Return the newest request."""
        return self.requests[-1]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(QuietHandler):
            def _serve(self) -> None:
                body = self.body()
                service.requests.append(
                    {
                        "method": self.command,
                        "path": self.path,
                        "headers": dict(self.headers.items()),
                        "body": json.loads(body) if body else None,
                    }
                )
                self.respond(*service._answer(self.command, self.path))

            do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - http.server's names

        return Handler

    def _answer(self, method: str, path: str) -> tuple[int, bytes, dict[str, str]]:
        any_query = f"{path.partition('?')[0]}?*"
        waiting = self._answers.get((method, path)) or self._answers.get((method, any_query))
        if waiting:
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]
        problem = {
            "type": "https://api.backend.ai/probs/url-not-found",
            "title": f"No answer for {method} {path}",
        }
        return 404, json.dumps(problem).encode(), {"Content-Type": PROBLEM}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the caller's own settings out of every test."""
    for name in os.environ:
        if name.startswith(FOREIGN) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")  # whatever this desktop has
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Serve on the loopback, with the environment pointing at it."""
    with Service() as running:
        monkeypatch.setenv("BACKEND_ENDPOINT", running.url)
        monkeypatch.setenv("BACKEND_ACCESS_KEY", ACCESS_KEY)
        monkeypatch.setenv("BACKEND_SECRET_KEY", SECRET_KEY)
        yield running


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run the command line with the given arguments."""

    def invoke(*args: str, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(root, args, input=stdin, prog_name=PROGRAM)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replace the clock that pauses go by."""
    fake = Clock()
    monkeypatch.setattr(time, "monotonic", fake.monotonic)
    monkeypatch.setattr(time, "sleep", fake.sleep)
    return fake


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the pauses that are asked for instead of making them."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    return made


@pytest.fixture
def zone() -> Iterator[Callable[[str], None]]:
    """Move to another time zone until the test has ended."""
    with pytest.MonkeyPatch.context() as patch:

        def move(name: str) -> None:
            patch.setenv("TZ", name)
            time.tzset()

        yield move
    time.tzset()


@pytest.fixture
def utc(zone: Callable[[str], None]) -> None:
    """Be where UTC is the local time."""
    zone("UTC")
