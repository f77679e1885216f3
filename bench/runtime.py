"""A function in Lambda's own runtime: AWS's emulator of its interface, and AWS's client of it for Python."""

import os
import platform
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.common import CREDENTIALS, REGION, ROOT, StackError, free_port, plain_env
from local.sam import SAM

PYTHON = ROOT / ".venv-runtime" / "bin" / "python"
BOOTSTRAP = ROOT / "bench" / "bootstrap.py"
WAIT_SECONDS = 60.0
POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Function:
    """What is run: the folders of its code and its layers, its handler, its environment."""

    name: str
    folders: Sequence[Path]
    handler: str
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Running:
    """A function that waits for events on a port.

    Its CPU times are written to ``log``, what it prints to ``said``.
    """

    port: int
    log: Path
    said: Path

    def invoke(self, event: bytes) -> bytes:
        """Hand over an event; return the answer, also if it is that the function failed.

        Raises:
            StackError: it could not be loaded.
        """
        url = f"http://127.0.0.1:{self.port}/2015-03-31/functions/function/invocations"
        request = urllib.request.Request(url, data=event)
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise StackError(f"The function cannot be run:\n{self.said.read_text()}") from error

    def cpu_seconds(self, invocations: int) -> list[float]:
        """Return the CPU time until it was loaded, and until the end of each of its invocations so far.

        Raises:
            StackError: it does not come to the end of so many.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            seconds = [*map(float, self.log.read_text().split())] if self.log.exists() else []
            if len(seconds) > invocations:
                return seconds
            time.sleep(POLL_SECONDS)
        raise StackError("The function does not come to the end of its invocation")


def emulator() -> Path:
    """Find AWS's runtime interface emulator, which the SAM CLI carries."""
    machine = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    (found,) = SAM.parent.parent.glob(
        f"lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}"
    )
    found.chmod(0o755)
    return found


@contextmanager
def run(function: Function) -> Iterator[Running]:
    """Run a function. Its code is not written to, as on Lambda, where it cannot be."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        log, said = Path(directory) / "cpu", Path(directory) / "said"
        port = free_port()
        environment = {
            **plain_env(),
            **CREDENTIALS,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": "60",
            "LAMBDA_TASK_ROOT": str(function.folders[0]),
            "PYTHONPATH": os.pathsep.join(map(str, function.folders)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CPU_LOG": str(log),
            **function.environment,
        }
        process = subprocess.Popen(
            [
                emulator(),
                *("--log-level", "error"),
                *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
                *("--runtime-api-address", f"127.0.0.1:{free_port()}"),
                *(PYTHON, "-P", BOOTSTRAP, function.handler),
            ],
            env=environment,
            cwd=directory,
            stdout=said.open("wb"),
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_it_listens(process, port)
            yield Running(port, log, said)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(POLL_SECONDS)
    raise StackError("The runtime interface emulator does not start")
