"""The process that stands for AWS here."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from local.common import CREDENTIALS, REGION, ROOT, StackError, Tell, plain_env, step
from local.docker import docker_gateway

LIMITS = ROOT / "local" / "limits"
"""Where Python finds a sitecustomize.py that bounds the functions' memory."""

PYTHON = ROOT / ".venv-ministack" / "bin" / "python"
SERVED = ROOT / "local" / "serving" / "saved_ministack.py"
"""ministack, which saves its state while it runs."""

SAVE_SECONDS = 30.0
START_SECONDS = 60
MAX_PORT = 65535
STOP_SECONDS = 60
"""ministack writes its state to disk when it ends."""


@dataclass(frozen=True)
class _Process:
    pid: int
    port: int


@dataclass
class Ministack:
    """ministack, with its files in ``directory``, on ``port`` of 127.0.0.1 and of Docker's bridge.

    ``save_seconds``: the time between two saves of its state; a crash loses no more than twice that.
    ``ends_with_starter``: it ends by itself when the process that started it has ended or was killed.
    """

    directory: Path
    port: int
    save_seconds: float = SAVE_SECONDS
    ends_with_starter: bool = False
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where AWS's APIs answer."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What ministack and the Lambdas print."""
        return self.directory / "ministack.log"

    def start(self, tell: Tell) -> None:
        """Start it unless it runs; start it again if Docker has come since.

        Raises:
            StackError: it runs on another port, the port cannot be had, this is not Linux, or ministack
                does not start.
        """
        if sys.platform != "linux":
            raise StackError("The local stack needs Linux: its functions run here, with Linux wheels")
        hosts = ["127.0.0.1", *filter(None, [docker_gateway()])]
        running = self._running()
        if running and running.port == self.port and all(_listens(host, self.port) for host in hosts):
            return
        if running and running.port != self.port:
            raise StackError(
                f"This clone's local stack runs on port {running.port} and has one port only. To move it: "
                f"make down && make up PORT={self.port} (its state stays). A second one needs a second clone"
            )
        if running is None:
            _check_free(self.port)
        self.stop()
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # its state has the keypairs
        with step(tell, f"Starting ministack on port {self.port}"), self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(PYTHON, SERVED, "saved_ministack:app", "--workers", "0", "--keep-alive", "75"),
                    *(argument for host in hosts for argument in ("--bind", f"{host}:{self.port}")),
                ],
                env=self._env(),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            self._pid_file.write_text(f"{self._process.pid} {self.port}")
            self._wait_until_ready(self._process)

    def stop(self) -> bool:
        """Stop it; its state stays. Tell whether it ran."""
        running = self._running()
        if running is not None:
            os.kill(running.pid, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            while self._running() is not None:
                if time.monotonic() > deadline:
                    raise StackError(f"ministack (process {running.pid}) does not end; its log is {self.log}")
                time.sleep(0.05)
        if self._process is not None:
            if running is None and self._process.poll() is None:
                self._process.terminate()  # the start was interrupted before it was noted
            self._process.wait(STOP_SECONDS)
            self._process = None
        self._pid_file.unlink(missing_ok=True)
        shutil.rmtree(self._temporary, ignore_errors=True)  # ministack leaves the functions' code there
        return running is not None

    def client(self, service: str) -> Any:
        """Make an AWS client for it."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    def pid(self) -> int | None:
        """Return its process id if it runs."""
        running = self._running()
        return running.pid if running else None

    def running_port(self) -> int | None:
        """Return the port that it listens on if it runs."""
        running = self._running()
        return running.port if running else None

    def _running(self) -> "_Process | None":
        """Look whether the noted process is still ministack, in this directory: ids are used again."""
        try:
            pid, port = map(int, self._pid_file.read_text().split())
            in_directory = Path(f"/proc/{pid}/cwd").readlink() == self.directory.resolve()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return _Process(pid, port) if in_directory and b"ministack" in command else None

    @property
    def _pid_file(self) -> Path:
        return self.directory / "ministack.pid"

    @property
    def _temporary(self) -> Path:
        return self.directory / "tmp"

    def _env(self) -> dict[str, str]:
        state = self.directory / "state"
        self._temporary.mkdir(exist_ok=True)
        return plain_env() | {
            **CREDENTIALS,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "LOCAL_SAVE_SECONDS": str(self.save_seconds),
            "LOCAL_STARTER": str(os.getpid() if self.ends_with_starter else 0),
            # What it would listen on besides the port, on all addresses.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "s3"),
            "TMPDIR": str(self._temporary),
            "PYTHONPATH": str(LIMITS),  # ministack and its functions inherit it
        }

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise StackError(
                    f"ministack ended at once (exit {process.returncode}); its log is {self.log}"
                )
            try:
                urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1).close()  # noqa: S310
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
            else:
                return
        raise StackError(f"ministack is not ready after {START_SECONDS} s; its log is {self.log}")


def _check_free(port: int) -> None:
    """Refuse a port that cannot be had.

    Raises:
        StackError: another program has it, or it is kept for root.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise StackError(
                f"Port {port} is for root only; choose one from 1024: make up PORT=4566"
            ) from None
        except OSError:
            other = port + 1 if port < MAX_PORT else port - 1
            raise StackError(
                f"Port {port} is taken by another program, perhaps by the stack of another clone. Stop it, "
                f"or choose another port: make up PORT={other}, or make demo PORT={other}"
            ) from None


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0
