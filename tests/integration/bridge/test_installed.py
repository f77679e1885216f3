"""The bridge by itself, installed as an operator would who has no use for the rest of the project."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import backendai_notification_bridge
import notifications
from local.common import ROOT

INSTALL_SECONDS = 240


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install ./bridge, with the pinned libraries, into an environment of its own; return its programs."""
    place = tmp_path_factory.mktemp("installed")
    uv = [str(Path(sys.executable).parent / "uv"), "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, str(place / "venv")], check=True, timeout=60)
    # setuptools would leave its build folders in the clone
    subprocess.run(["cp", "-r", ROOT / "bridge", place / "bridge"], check=True, timeout=60)
    install = [*uv, "pip", "install", "--python", str(place / "venv" / "bin" / "python")]
    pinned = ["--require-hashes", "-r", str(ROOT / "bridge" / "requirements.txt")]
    subprocess.run([*install, *pinned], check=True, timeout=INSTALL_SECONDS)
    subprocess.run([*install, str(place / "bridge")], check=True, timeout=INSTALL_SECONDS)
    return place / "venv" / "bin"


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command far from the clone."""
    env = {"PATH": os.defpath, "HOME": "/nonexistent"}
    return subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, check=False, timeout=60)


def test_it_has_its_command(programs: Path) -> None:
    """By its own name and as a module, with each of its commands; its version is the service's."""
    version = f"version {notifications.__version__}\n"
    assert run(programs / "backendai-notification-bridge", "--version").stdout.endswith(version)
    shown = run(programs / "python", "-m", "backendai_notification_bridge", "--help").stdout
    assert {"run", "check", "policy", "stats", "tail", "quarantine"} <= set(shown.split())
    assert backendai_notification_bridge.__version__ == notifications.__version__


def test_wrong_settings_end_the_start_with_one_line(programs: Path) -> None:
    """The line names the setting."""
    ended = run(programs / "backendai-notification-bridge", "run", "--bus", "events", "--valkey", "localhost")
    assert (ended.returncode, ended.stderr) == (1, "Error: valkey.addr: must be HOST:PORT\n")
    ended = run(programs / "backendai-notification-bridge", "run", "--bus", "events")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "valkey.addr" in ended.stderr


def test_the_pinned_libraries_are_all_that_it_needs(programs: Path) -> None:
    """What the package asks for is in the list of pinned versions, and no more."""
    listed = run(
        programs / "python",
        "-c",
        "import importlib.metadata as m; print(*(d.name for d in m.distributions()))",
    )
    names = {name.lower().replace("_", "-") for name in listed.stdout.split()}
    pinned = {
        line.partition("==")[0]
        for line in (ROOT / "bridge" / "requirements.txt").read_text("utf-8").splitlines()
        if "==" in line
    }
    assert names - {"backendai-notification-bridge", "pip"} <= pinned
    assert {"valkey", "msgpack", "boto3", "requests", "click", "pydantic-settings"} <= names
