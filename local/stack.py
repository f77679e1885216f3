"""Start, deploy and stop a local stack that lives in a directory of its own."""

import json
import os
import platform
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).resolve().parent.parent
MINISTACK = ROOT / ".venv-ministack" / "bin" / "python"
SAM = ROOT / ".venv-sam" / "bin" / "sam"

DEFAULT_PORT = 4566
REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
STACK_NAME = "notification"

START_SECONDS = 60
STOP_SECONDS = 60
"""ministack writes its state to disk when it ends."""


class StackError(Exception):
    """Something about the local stack that its user must put right."""


@dataclass(frozen=True)
class _Process:
    pid: int
    port: int


@dataclass
class Stack:
    """A local stack: its files are in ``directory``, it listens on ``port`` of 127.0.0.1."""

    directory: Path
    port: int = DEFAULT_PORT
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where AWS's APIs answer."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env_file(self) -> Path:
        """Where the settings of a deployed stack are, as KEY=VALUE lines."""
        return self.directory / "env"

    @property
    def log(self) -> Path:
        """What ministack and the Lambdas print."""
        return self.directory / "ministack.log"

    def up(self, tell: Callable[[str], None]) -> None:
        """Start it, build, deploy, and write the settings; harmless when it is up already.

        Raises:
            StackError: the port is taken, ministack does not start, or the deployment fails.
        """
        self.start(tell)
        build_directory = self.directory / "build"
        with _step(tell, "Building"):
            build(build_directory)
        with _step(tell, "Deploying"):
            self.deploy(build_directory)
        self.write_settings()

    def start(self, tell: Callable[[str], None]) -> None:
        """Start ministack unless it runs; start it again on another port, or if Docker has come since.

        Raises:
            StackError: the port is taken, this is not Linux, or ministack does not start.
        """
        if sys.platform != "linux":
            raise StackError("The local stack needs Linux: its functions run here, with Linux wheels")
        hosts = ["127.0.0.1", *filter(None, [docker_gateway()])]
        running = self._running()
        if running and running.port == self.port and all(_listens(host, self.port) for host in hosts):
            return
        if (running is None or running.port != self.port) and _listens("127.0.0.1", self.port):
            raise StackError(
                f"Port {self.port} is taken by another program. Stop that program, "
                f"or choose another port: make up PORT={self.port + 1}"
            )
        self.stop()
        self.directory.mkdir(parents=True, exist_ok=True)
        with _step(tell, f"Starting ministack on port {self.port}"), self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(MINISTACK, "-m", "hypercorn", "ministack.app:app", "--keep-alive", "75"),
                    *(argument for host in hosts for argument in ("--bind", f"{host}:{self.port}")),
                ],
                env=self._ministack_env(),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            self._pid_file.write_text(f"{self._process.pid} {self.port}")
            self._wait_until_ready(self._process)

    def stop(self) -> bool:
        """Stop ministack; its state stays. Tell whether it ran."""
        running = self._running()
        if running is not None:
            os.kill(running.pid, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            while self._running() is not None:
                if time.monotonic() > deadline:
                    raise StackError(f"ministack (process {running.pid}) does not end; its log is {self.log}")
                time.sleep(0.05)
        if self._process is not None:
            self._process.wait()
            self._process = None
        self._pid_file.unlink(missing_ok=True)
        shutil.rmtree(self._temporary, ignore_errors=True)  # ministack leaves the functions' code there
        return running is not None

    def pid(self) -> int | None:
        """Return ministack's process id if it runs."""
        running = self._running()
        return running.pid if running else None

    def _running(self) -> "_Process | None":
        """Look whether the noted process is still ministack, in this directory: ids are used again."""
        try:
            pid, port = map(int, self._pid_file.read_text().split())
            in_directory = Path(f"/proc/{pid}/cwd").readlink() == self.directory.resolve()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return _Process(pid, port) if in_directory and b"ministack" in command else None

    def deploy(self, build_directory: Path) -> None:
        """Deploy what was built.

        Raises:
            StackError: with the last lines that sam printed.
        """
        _sam(
            "deploy",
            *("--template-file", str(build_directory / "template.yaml")),
            *("--config-file", str(ROOT / "samconfig.toml"), "--config-env", "local"),
            *("--stack-name", STACK_NAME, "--region", REGION),
            *("--parameter-overrides", *target()),
            env=self.aws_env(),
        )

    def outputs(self) -> dict[str, str]:
        """Return the outputs of the deployed template."""
        described = self.client("cloudformation").describe_stacks(StackName=STACK_NAME)
        return {output["OutputKey"]: output["OutputValue"] for output in described["Stacks"][0]["Outputs"]}

    def settings(self) -> dict[str, str]:
        """Return what the command line needs to use this stack."""
        outputs = self.outputs()
        secret = self.client("secretsmanager").get_secret_value(SecretId=outputs["KeypairSecretArn"])
        first = json.loads(secret["SecretString"])
        keypair = next(
            record
            for record in [first, *first.get("keypairs", [])]
            if record.get("active", True) and record["role"] == "superadmin"
        )
        stage = outputs["ApiUrl"].rsplit("/", 1)[1]
        return {
            # Names below .localhost, which the template's own URL would need, do not resolve in Python.
            "BACKEND_ENDPOINT": f"{self.url}/restapis/{outputs['ApiId']}/{stage}/_user_request_",
            "BACKEND_ACCESS_KEY": keypair["access_key"],
            "BACKEND_SECRET_KEY": keypair["secret_key"],
            **self.aws_env(),
            "NOTIFICATION_EVENT_BUS": outputs["EventBusName"],
            "NOTIFICATION_STACK": STACK_NAME,
        }

    def write_settings(self) -> None:
        """Write the settings for shells and for ``sam local invoke``."""
        lines = [f"{name}={shlex.quote(value)}\n" for name, value in self.settings().items()]
        self.env_file.touch(mode=0o600)
        self.env_file.write_text("".join(lines))
        functions = self.client("lambda")
        name = self.outputs()["DispatcherFunctionName"]
        variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        host = docker_gateway() or "host.docker.internal"
        document = {"DispatcherFunction": {**variables, "SDK_ENDPOINT_URL": f"http://{host}:{self.port}"}}
        (self.directory / "sam-env.json").write_text(json.dumps(document, indent=2) + "\n")

    def aws_env(self) -> dict[str, str]:
        """Return the environment with which AWS's tools reach this stack."""
        return {"AWS_ENDPOINT_URL": self.url, **CREDENTIALS, "AWS_DEFAULT_REGION": REGION}

    def client(self, service: str) -> Any:
        """Make an AWS client for this stack."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    @property
    def _pid_file(self) -> Path:
        return self.directory / "ministack.pid"

    @property
    def _temporary(self) -> Path:
        return self.directory / "tmp"

    def _ministack_env(self) -> dict[str, str]:
        state = self.directory / "state"
        self._temporary.mkdir(exist_ok=True)
        return _plain_env() | {
            **CREDENTIALS,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            # What it would listen on besides the port, on all addresses.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "s3"),
            "TMPDIR": str(self._temporary),
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


def build(directory: Path) -> None:
    """Build the template for this machine's own Python and architecture into a directory.

    Raises:
        StackError: with the last lines that sam printed.
    """
    _sam("build", "--build-dir", str(directory), "--parameter-overrides", *target(), env={})


def build_for_docker(tell: Callable[[str], None]) -> None:
    """Build what ``sam local invoke`` runs, if Docker is here to run it."""
    if docker_answers():
        with _step(tell, "Building for sam local invoke"):
            _sam("build", env={})


def target() -> tuple[str, str]:
    """Return the parameters of the template that fit this machine, where ministack runs the Lambdas."""
    machine = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
    return f"Runtime=python{sys.version_info.major}.{sys.version_info.minor}", f"Architecture={machine}"


def _sam(*arguments: str, env: dict[str, str]) -> None:
    result = subprocess.run(
        [SAM, *arguments],
        cwd=ROOT,
        env=_plain_env() | {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": REGION} | env,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        tail = "\n".join((result.stdout + result.stderr).splitlines()[-30:])
        raise StackError(f"sam {arguments[0]} failed:\n{tail}")


def _plain_env() -> dict[str, str]:
    """Return this process's environment without what would lead AWS's tools, Python or make elsewhere."""
    aws = {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"}
    others = {"PYTHONPATH", "PYTHONHOME", "MAKEFLAGS", "MAKELEVEL"}  # sam's builds are makes of their own
    return {name: value for name, value in os.environ.items() if name not in aws | others}


def docker_answers() -> bool:
    """Tell whether Docker runs here."""
    try:
        return (
            subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False


def docker_gateway() -> str | None:
    """Return the address at which Docker's containers reach this machine, if it is an address of its own.

    There is none without Docker, and none with Docker Desktop, whose containers reach the loopback
    address as host.docker.internal.
    """
    command = ["docker", "network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
        network = json.loads(result.stdout)[0]
        # Where Docker names no gateway it is the first address of the network.
        address = network.get("Gateway") or str(next(ip_network(network["Subnet"]).hosts()))
        with socket.socket() as probe:
            probe.bind((address, 0))
    except (OSError, subprocess.SubprocessError, ValueError, LookupError):
        return None
    return address


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


@contextmanager
def _step(tell: Callable[[str], None], what: str) -> Iterator[None]:
    tell(f"{what} ...")
    started = time.monotonic()
    yield
    tell(f"{what}: done in {time.monotonic() - started:.1f} s")
