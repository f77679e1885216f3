"""The command line by itself, installed as a user would who has no use for the rest of the project."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import backendai_notification_cli
import notifications
from local.common import ROOT

INSTALL_SECONDS = 240


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install ./cli into an environment of its own; return its programs' folder."""
    place = tmp_path_factory.mktemp("installed")
    uv = [str(Path(sys.executable).parent / "uv"), "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, str(place / "venv")], check=True, timeout=60)
    programs = place / "venv" / "bin"
    # setuptools would leave its build folders in the clone
    copy = place / "cli"
    subprocess.run(["cp", "-r", ROOT / "cli", copy], check=True, timeout=60)
    command = [*uv, "pip", "install", "--python", str(programs / "python"), str(copy)]
    subprocess.run(command, check=True, timeout=INSTALL_SECONDS)
    return programs


def run(program: Path, *arguments: str) -> str:
    """Run it far from the clone, and return what it says."""
    env = {"PATH": os.defpath, "HOME": str(program.parent)}
    ran = subprocess.run(
        [program, *arguments], cwd="/", env=env, capture_output=True, text=True, check=True, timeout=60
    )
    return ran.stdout


def test_it_has_its_command(installed: Path) -> None:
    """It is called by its own name, tells that name in its help, and its version is the service's."""
    program = installed / "backendai-notification"
    assert run(program, "--version") == f"backendai-notification, version {notifications.__version__}\n"
    assert run(program, "notification", "rule", "list", "--help").startswith(
        "Usage: backendai-notification notification rule list"
    )
    script = run(program, "completion", "bash")
    assert re.search(r"complete .*backendai-notification", script)


def test_it_needs_little(installed: Path) -> None:
    """Neither the local stack nor SAM nor a test tool comes with it."""
    names = run(
        installed / "python",
        "-c",
        "import importlib.metadata as m; print(*(d.name for d in m.distributions()))",
    )
    assert {"click", "boto3", "certifi"} <= set(names.split())
    assert not {"ministack", "aws-sam-cli", "moto", "pytest"} & set(names.split())


def test_one_version() -> None:
    """The command line, the service and the change log are at the same version."""
    assert backendai_notification_cli.__version__ == notifications.__version__
    assert notifications.__version__ in (ROOT / "CHANGELOG.md").read_text()
