"""A process of the harness: the receivers, or the proxy before AWS's APIs."""

import json
import subprocess
import sys
import urllib.request
from types import TracebackType
from typing import Any, Self

from local.common import ROOT, first_line

STOP_SECONDS = 5


class HelperProcess:
    """Runs a module from ``with`` to its end, and talks to it."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, what: str, value: Any = None) -> Any:
        """Ask it something, or tell it a value."""
        body = None if value is None else json.dumps(value).encode()
        with urllib.request.urlopen(f"{self.url}/_{what}", body, timeout=30) as reply:  # noqa: S310 - our own
            return json.load(reply)

    def __enter__(self) -> Self:
        """Start it; it ends by itself should this process die."""
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # an interrupt is for the harness, which ends it
        )
        self.port = int(first_line(self._process.stdout))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        if self._process is None:
            return
        try:
            self._process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=60)
