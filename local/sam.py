"""The SAM CLI, for this machine's own Python and architecture."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from local.common import REGION, ROOT, StackError, Tell, plain_env, step
from local.docker import docker_answers, docker_gateway
from local.inputs import fingerprint

SAM = ROOT / ".venv-sam" / "bin" / "sam"
SAM_SECONDS = 900
TOLD_LINES = 30
"""How much of what sam printed is told when it fails."""


def sam(*arguments: str, env: dict[str, str]) -> None:
    """Run sam in the clone.

    Raises:
        StackError: with the last lines that it printed.
    """
    try:
        result = subprocess.run(
            [SAM, *arguments],
            cwd=ROOT,
            env=plain_env() | {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": REGION} | env,
            capture_output=True,
            text=True,
            check=False,
            timeout=SAM_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise StackError(f"sam {arguments[0]} has not ended after {SAM_SECONDS} s") from None
    if result.returncode != 0:
        tail = "\n".join((result.stdout + result.stderr).splitlines()[-TOLD_LINES:])
        raise StackError(f"sam {arguments[0]} failed:\n{tail}")


def build(directory: Path) -> None:
    """Build the template for this machine's own Python and architecture into a directory.

    Raises:
        StackError: with the last lines that sam printed.
    """
    sam("build", "--build-dir", str(directory), "--parameter-overrides", *target(), env={})
    built = directory / "template.yaml"
    built.write_text(with_plain_concurrency(built.read_text()))


def with_plain_concurrency(template: str) -> str:
    """Write numbers where the template names parameters: ministack compares them as they stand."""
    values = concurrency()
    return re.sub(
        r"(MaximumConcurrency:)\s+(?:!Ref|Ref:)\s+(\w+)",
        lambda found: f"{found[1]} {values[found[2]]}",
        template,
    )


def concurrency() -> dict[str, int]:
    """Return how many of each function may run at the same time on this machine."""
    cores = os.cpu_count() or 1
    return {
        "DispatcherConcurrency": DISPATCHERS_PER_CORE * cores,
        "RedelivererConcurrency": REDELIVERERS_PER_CORE * cores,
        "SlowLaneConcurrency": REDELIVERERS_PER_CORE * cores,
    }


def build_for_docker(tell: Tell) -> None:
    """Build what ``sam local invoke`` runs, if Docker is here to run it."""
    made_of = ROOT / ".aws-sam" / "build" / ".made-of"  # each build for AWS removes it
    wanted = fingerprint(())
    if docker_answers() and not (made_of.exists() and made_of.read_text() == wanted):
        with step(tell, "Building for sam local invoke"):
            sam("build", env={})
            made_of.write_text(wanted)


DISPATCHERS_PER_CORE = 10
REDELIVERERS_PER_CORE = 5
"""They wait for receivers most of the time, so that a core carries several."""

LOOPBACK = "127.0.0.0/8,::1/128"


def local_parameters() -> tuple[str, ...]:
    """Let receivers of this machine be called, also where containers find it, by plain HTTP, on any port."""
    gateway = docker_gateway()
    networks = f"{LOOPBACK},{gateway}/32" if gateway else LOOPBACK
    return f"AllowedNetworks={networks}", "AllowHttp=true", "AllowedPorts=any"


def concurrency_parameters() -> tuple[str, ...]:
    """Return the parameters of the template that say how many functions run at the same time here."""
    return tuple(f"{name}={value}" for name, value in concurrency().items())


def target() -> tuple[str, str]:
    """Return the parameters of the template that fit this machine, where ministack runs the Lambdas."""
    machine = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
    return f"Runtime=python{sys.version_info.major}.{sys.version_info.minor}", f"Architecture={machine}"
