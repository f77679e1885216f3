"""What the command line costs, beside Python that only imports click."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import keyring
from bench.figure import Figure, milliseconds, ratios
from local.common import ROOT, StackError, Tell, plain_env
from local.receiver import Received, Receiver, Reply

LAUNCHER = ROOT / "backend.ai"
REQUEST = ("notification", "channel", "list")
MAX_HELP = 1.25
MAX_REQUEST = 3.0
RUNS = 5
"""Of one round the run with the least CPU counts: what else the machine does only adds to it."""


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Run the commands in turn, against a server of its own that answers as the API does.

    Raises:
        StackError: a command fails.
    """
    click: list[float] = []
    help_: list[float] = []
    request: list[float] = []
    keyring_request: list[float] = []
    with Receiver(_answer) as server, keyring.profile(server.url, _env()) as keyring_env:
        env = _env() | {
            "BACKEND_ENDPOINT": server.url,
            "BACKEND_ACCESS_KEY": "AKIA",
            "BACKEND_SECRET_KEY": "secret",
        }
        for number in range(rounds):
            tell(f"The command line, round {number + 1} of {rounds} ...")
            click.append(_least([sys.executable, "-c", "import click"], env))
            help_.append(_least([LAUNCHER, "--help"], env))
            request.append(_least([LAUNCHER, *REQUEST], env))
            keyring_request.append(_least([LAUNCHER, *REQUEST], keyring_env))
        if not server.received:
            raise StackError("The command did not ask the server")
    beside = "python -c 'import click'"
    return [
        Figure("python -c 'import click'", "ms CPU", milliseconds(click)),
        Figure("./backend.ai --help", "ratio", ratios(help_, click), bound=MAX_HELP, compared_to=beside),
        Figure(
            "./backend.ai notification channel list",
            "ratio",
            ratios(request, click),
            bound=MAX_REQUEST,
            compared_to=beside,
        ),
        Figure(
            "the same, its secret key in GNOME's keyring",
            "ratio",
            ratios(keyring_request, click),
            bound=MAX_REQUEST,
            compared_to=beside,
        ),
    ]


def _env() -> dict[str, str]:
    # A user's Python keeps the bytecode that it has compiled; without it each run would compile again.
    return {name: value for name, value in plain_env().items() if name != "PYTHONDONTWRITEBYTECODE"}


def _answer(_request: Received) -> Reply:
    page = {"items": [], "pagination": {"total": 0, "offset": 0, "limit": 50}}
    body = json.dumps({"channels": page["items"], **page}).encode()
    return Reply(headers={"Content-Type": "application/json"}, body=body)


def _least(command: Sequence[str | Path], env: dict[str, str]) -> float:
    return min(_cpu_seconds(command, env) for _ in range(RUNS))


def _cpu_seconds(command: Sequence[str | Path], env: dict[str, str]) -> float:
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        told = process.stderr.read().decode(errors="replace") if process.stderr else ""
        raise StackError(f"{' '.join(map(str, command))} failed:\n{told}")
    return usage.ru_utime + usage.ru_stime
