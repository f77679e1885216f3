"""A bridge as a process of its own, which can be killed, and entries that make one event each."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from backendai_notification_bridge.core.errors import WrongSettings
from backendai_notification_bridge.spool.database import SpoolMissing, visit
from backendai_notification_bridge.spool.spool import Spool
from local.common import CREDENTIALS, REGION, plain_env

WAIT_SECONDS = 30.0

T = TypeVar("T")


def entry(number: int, kind: str = "artifact.download.completed") -> dict[bytes, bytes]:
    """Write an entry as release 26.9 does; its event is told by ``artifact_name``."""
    data = {
        "artifact_id": f"00000000-0000-4000-8000-{number:012d}",
        "artifact_name": f"model-{number}",
        "artifact_type": "MODEL",
        "registry_type": "huggingface",
        "registry_id": "b2b2b2b2-5555-4b5c-8d6e-000000000001",
        "status": "AVAILABLE",
        "success": True,
        "version": "main",
        "digest": None,
        "verification_result": None,
    }
    timestamp = f"2026-01-15T10:30:00.{number % 1_000_000:06d}Z"
    payload = {"rule_type": kind, "timestamp": timestamp, "notification_data": data}
    return {
        b"name": b"notification_triggered",
        b"source": b"i-manager01",
        b"payload": json.dumps(payload).encode(),
        b"metadata": b'{"request_id":null,"user":null}',
    }


class BridgeProcess:
    """``backendai-notification-bridge run`` with a spool of its own. ``more``: further settings."""

    def __init__(self, directory: Path, bus_url: str, more: dict[str, str]) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **plain_env(),
            **CREDENTIALS,
            "BACKENDAI_BRIDGE_BUS__NAME": "notifications",
            "BACKENDAI_BRIDGE_BUS__REGION": REGION,
            "BACKENDAI_BRIDGE_BUS__ENDPOINT_URL": bus_url,
            "BACKENDAI_BRIDGE_SPOOL__FILE": str(directory / "spool.db"),
            "BACKENDAI_BRIDGE_HEALTH__PORT": "0",
            **{f"BACKENDAI_BRIDGE_{name}": value for name, value in more.items()},
        }
        self.log = directory / "bridge.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self, *arguments: str) -> None:
        """Start it; it needs a moment until it reads."""
        with self.log.open("ab") as log, (self.directory / "output").open("ab") as output:
            self.process = subprocess.Popen(
                [*self._command(), "run", *arguments], env=self.environment, stdout=output, stderr=log
            )

    def kill(self) -> None:
        """End it at once, if it runs."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> int:
        """Ask it to stop; return its exit code."""
        assert self.process is not None  # noqa: S101 - whoever stops it has started it
        self.process.terminate()
        code = self.process.wait(WAIT_SECONDS)
        self.process = None
        return code

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another of its commands."""
        return subprocess.run(
            [*self._command(), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def stats(self) -> dict[str, Any]:
        """Return what ``stats`` tells."""
        document: dict[str, Any] = json.loads(self.ask("stats", "--json").stdout)
        return document

    def marks(self) -> dict[str, str]:
        """Return how far it has read and heard, as its spool has it."""
        return self._looked(Spool.marks) or {}

    def counters(self) -> dict[str, int]:
        """Return what it has counted."""
        return self._looked(Spool.counters) or {}

    def waiting(self) -> int:
        """Return how many entries it has made nothing of yet, and events it has yet to put; a few at most."""
        return self._looked(lambda spool: len(spool.fresh(9)) + len(spool.outgoing(0, 9))) or 0

    def _looked(self, look: Callable[[Spool], T]) -> T | None:
        try:
            spool = Spool(visit(self.directory / "spool.db"), 0)
        except (SpoolMissing, WrongSettings):  # it is made just now
            return None
        try:
            return look(spool)
        finally:
            spool.close()

    def peak_memory(self) -> int:
        """Return the most memory that it had, in bytes."""
        assert self.process is not None  # noqa: S101
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1_024 for line in lines if line.startswith("VmHWM"))

    @staticmethod
    def _command() -> list[str]:
        return [sys.executable, "-m", "backendai_notification_bridge"]


def reading(client: Any, bridges: int = 1) -> bool:
    """Tell whether so many bridges read the stream of a Valkey."""
    return bool(client.exists("events")) and len(client.xinfo_groups("events")) >= bridges
