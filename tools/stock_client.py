"""Try releases of Backend.AI's own client, their v1 command line and v2 SDK, against the local stack."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from local.command import for_releases, run
from local.common import ROOT
from local.demo import SAMPLE, TEMPLATE
from local.receiver import Receiver
from local.stack import Stack

SDK = ROOT / "tools" / "stock" / "v2_sdk.py"
LIMIT_SECONDS = 120.0


def main() -> int:
    """Run both; return 0 only if every operation works."""
    return for_releases("stock_client", "Backend.AI's client", _try)


def _try(stack: Stack, release: str) -> None:
    tools = ROOT / f".venv-stock-client-{release}" / "bin"
    env = {**os.environ, **stack.settings(), "BACKEND_ENDPOINT_TYPE": "api", "PYTHONDONTWRITEBYTECODE": "1"}
    with Receiver() as receiver:
        _use_all_commands(_Client(tools / "backend.ai", env), receiver)
        subprocess.run([tools / "python", SDK, receiver.url], env=env, check=True, timeout=LIMIT_SECONDS)


@dataclass(frozen=True)
class _Client:
    """The v1 command line of a release. ``program``: its path."""

    program: Path
    env: dict[str, str]

    def run(self, *arguments: str, check: bool = True) -> str:
        return subprocess.run(
            [self.program, "notification", *arguments],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=check,
            timeout=LIMIT_SECONDS,
        ).stdout

    def created(self, *arguments: str) -> str:
        """Run a command that creates something; return its id."""
        printed = self.run(*arguments)
        match = re.search(r"created: (\S+)", printed)
        if match is None:
            raise subprocess.CalledProcessError(1, arguments, printed)
        return match[1]


def _use_all_commands(client: _Client, receiver: Receiver) -> None:
    sample = json.dumps({"session_id": "stock", **SAMPLE})
    channel_id = client.created("channel", "create", "stock", "--spec", json.dumps({"url": receiver.url}))
    rule_id = client.created("rule", "create", "stock", "session.started", channel_id, "--template", TEMPLATE)
    before = len(receiver.received)
    client.run(
        "channel", "validate", channel_id, "--data", "hello", check=False
    )  # it fails after it has delivered
    receiver.wait_for(before + 1)
    for arguments in (
        ("channel", "list", "--enabled-only"),
        ("channel", "info", channel_id),
        ("channel", "update", channel_id, "--name", "stock 2", "--disable"),
        ("rule", "types"),
        ("rule", "schema", "session.started"),
        ("rule", "list", "--rule-types", "session.started"),
        ("rule", "info", rule_id),
        ("rule", "update", rule_id, "--message-template", TEMPLATE, "--disable"),
        ("rule", "validate", rule_id, "--data", sample),
        ("rule", "delete", rule_id),
        ("channel", "delete", channel_id),
    ):
        client.run(*arguments)
    print("v1 command line: all commands work")


if __name__ == "__main__":
    run(main)
