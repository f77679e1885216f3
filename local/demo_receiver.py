"""The receiver that a demo leaves running: it writes each webhook that it gets to a file."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.common import ROOT, StackError, free_port
from local.receiver import Received, Receiver, Reply

START_SECONDS = 20
STOP_SECONDS = 10
WAIT_SECONDS = 60
POLL_SECONDS = 0.02
MAX_KEPT_BYTES = 10_000_000
"""How large the file may grow; then it is begun anew."""


@dataclass(frozen=True)
class DemoReceiver:
    """A process beside the local stack, with its files in the stack's directory."""

    directory: Path

    @property
    def webhooks(self) -> Path:
        """What came: a JSON document a line."""
        return self.directory / "webhooks.jsonl"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def port(self) -> int:
        """Its port: the same at each start, since channels name it."""
        return int(self._port_file.read_text())

    def start(self) -> None:
        """Start it unless it runs.

        Raises:
            StackError: it does not start.
        """
        if self._pid():
            return
        if not self._port_file.exists() or not _is_free(self.port):
            self._port_file.write_text(f"{free_port()}\n")
        with (self.directory / "receiver.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "local.demo_receiver", str(self.port), str(self.webhooks.resolve())],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._pid_file.write_text(f"{process.pid}\n")
        deadline = time.monotonic() + START_SECONDS
        while _is_free(self.port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise StackError(f"The demo's receiver does not start; its log is {log.name}")
            time.sleep(POLL_SECONDS)
        process.returncode = 0  # it is to outlive this process; without this Popen warns that it does

    def start_again(self) -> None:
        """Start it if an earlier demo had one: its channel is there again too."""
        if self._port_file.exists():
            self.start()

    def stop(self) -> None:
        """End it if it runs."""
        pid = self._pid()
        if pid:
            os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            while self._pid() and time.monotonic() < deadline:
                with suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
                time.sleep(POLL_SECONDS)
        self._pid_file.unlink(missing_ok=True)

    def wait_for(self, text: str) -> dict[str, Any]:
        """Wait for a webhook whose body has this text, and return it.

        Raises:
            TimeoutError: it did not come.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            lines = self.webhooks.read_text().splitlines() if self.webhooks.exists() else []
            for line in reversed(lines):
                received: dict[str, Any] = json.loads(line)
                if text in received["body"]:
                    return received
            time.sleep(POLL_SECONDS)
        raise TimeoutError(f"No webhook came to {self.url} within {WAIT_SECONDS} s")

    def _pid(self) -> int | None:
        """Look whether the noted process is still the receiver: ids are used again."""
        try:
            pid = int(self._pid_file.read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if str(self.webhooks.resolve()).encode() in command else None

    @property
    def _port_file(self) -> Path:
        return self.directory / "receiver.port"

    @property
    def _pid_file(self) -> Path:
        return self.directory / "receiver.pid"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def main() -> None:
    """Receive until the end."""
    parser = argparse.ArgumentParser(prog="demo_receiver")
    parser.add_argument("port", type=int)
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()

    def keep(received: Received) -> Reply:
        line = {
            "method": received.method,
            "path": received.path,
            "headers": received.headers,
            "body": received.body.decode(errors="replace"),
        }
        file: Path = arguments.file
        mode = "w" if file.exists() and file.stat().st_size > MAX_KEPT_BYTES else "a"
        with file.open(mode) as out:  # one write a line: requests come at the same time
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        return Reply()

    with Receiver(keep, port=arguments.port):
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
