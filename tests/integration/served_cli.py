"""./backend.ai as a process, against the functions in this one."""

import os
import subprocess
from pathlib import Path

from local.common import ROOT
from tests.cloud.gateway import KEYS_OF_ROLES
from tests.cloud.served import ServedApi
from tests.stack.cli import Ran

SECONDS = 60
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


class ServedCli:
    """Runs commands in a directory of their own. ``ran``: all that was run."""

    def __init__(self, api: ServedApi, directory: Path) -> None:
        self._api = api
        self.directory = directory
        self.ran: list[Ran] = []

    def config(self, *arguments: str, role: str = "editor", **env: str) -> Ran:
        """Run ``./backend.ai notification config ...`` with the keypair of a role."""
        return self.run("notification", "config", *arguments, role=role, **env)

    def run(self, *arguments: str, role: str = "editor", **env: str) -> Ran:
        """Run ``./backend.ai ...``."""
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            **{name: text for name, text in os.environ.items() if name.startswith("AWS_")},
            **NO_KEYRING,
            **self._api.environment(KEYS_OF_ROLES[role]),
        }
        result = subprocess.run(
            [str(ROOT / "backend.ai"), *arguments],
            cwd=self.directory,
            env=own | env,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        self.ran.append(Ran(result.returncode, result.stdout, result.stderr))
        return self.ran[-1]

    def write(self, name: str, text: str) -> str:
        """Write a file; return its name."""
        (self.directory / name).write_text(text)
        return name
