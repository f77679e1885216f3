"""./backend.ai as a process, as a user calls it."""

import json
import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from local.common import ROOT
from local.stack import Stack
from tests.stack.client import SignedClient

OWN = ("BACKEND_", "BACKENDAI_", "AWS_", "NOTIFICATION_", "XDG_")


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class Cli:
    """The command line with nothing set but where the local stack's settings are."""

    def __init__(self, stack: Stack, directory: Path) -> None:
        self.directory = directory
        self._settings = stack.env_file
        plain = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
        # No keyring, since that of a desktop would outlive the test.
        own = {"HOME": str(directory), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        self.env = plain | {"NOTIFICATION_LOCAL_ENV": str(stack.env_file), **own}

    def run(self, *arguments: str, stdin: str = "", **env: str) -> Ran:
        """Run ``./backend.ai notification ...``."""
        return self.plain("notification", *arguments, stdin=stdin, **env)

    def plain(self, *arguments: str, stdin: str = "", **env: str) -> Ran:
        """Run ``./backend.ai ...``."""
        return self._run([str(ROOT / "backend.ai"), *arguments], stdin, env)

    def shell(self, script: str) -> Ran:
        """Run a script in bash, in a directory where ./backend.ai is."""
        link = self.directory / "backend.ai"
        if not link.exists():
            link.symlink_to(ROOT / "backend.ai")
        return self._run(["bash", "-euo", "pipefail", "-c", script], "", {})

    def made(self, *arguments: str, stdin: str = "") -> str:
        """Run a command that creates something; return its id."""
        ran = self.run(*arguments, stdin=stdin)
        match = re.search(r"created: (\S+)", ran.err)
        assert match is not None, ran
        return match[1]

    def keypair(self, *options: str) -> tuple[str, str]:
        """Create a keypair; return its access key and its secret key."""
        ran = self.run("keypair", "create", *options)
        access_key = re.search(r"AKIA[A-Z2-7]{16}", ran.out)
        secret_key = re.search(r'"secret_key": "([^"]+)"', ran.out)
        assert access_key is not None, ran
        assert secret_key is not None, ran
        return access_key[0], secret_key[1]

    def deactivate(self, access_key: str) -> None:
        """Deactivate a keypair."""
        ran = self.run("keypair", "deactivate", access_key)
        assert ran.code == 0, ran

    def json(self, *arguments: str) -> Any:
        """Run a command that prints JSON."""
        ran = self.run(*arguments)
        assert ran.code == 0, ran
        return json.loads(ran.out)

    def event(self, event_id: str) -> dict[str, Any] | None:
        """Ask the API itself for an event, for who asks again and again; None: it has no record yet."""
        settings = dict(line.split("=", 1) for line in shlex.split(self._settings.read_text()))
        response = SignedClient(settings).send("GET", f"/notifications/events/{event_id}")
        return response.document["event"] if response.status == HTTPStatus.OK else None

    def channel(self, url: str, *options: str, name: str = "channel") -> str:
        """Create a channel; return its id."""
        return self.made("channel", "create", name, url, *options)

    def rule(self, rule_type: str, channel_id: str, template: str, *options: str, name: str = "rule") -> str:
        """Create a rule; return its id."""
        arguments = ("rule", "create", name, rule_type, channel_id, "--template-file", "-", *options)
        return self.made(*arguments, stdin=template)

    def _run(self, command: list[str], stdin: str, env: dict[str, str]) -> Ran:
        result = subprocess.run(
            command,
            cwd=self.directory,
            env=self.env | env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Ran(result.returncode, result.stdout, result.stderr)
