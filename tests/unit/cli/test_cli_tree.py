"""The command tree: help, completion, what is imported, and the launcher."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import backendai_notification_cli
from backendai_notification_cli.cli import root
from backendai_notification_cli.terminal.lazy import LazyGroup

PACKAGES = Path(backendai_notification_cli.__file__).parents[1]
LAUNCHER = Path(__file__).parents[3] / "backend.ai"
GROUPS = {
    "": ["notification", "configure", "completion"],
    "configure": ["list", "use", "show"],
    "notification": [
        *("channel", "rule", "delivery", "event", "simulate", "mute", "config", "listen", "status"),
        *("event-type", "audit", "keypair", "whoami", "signature", "api"),
    ],
    "notification channel": [
        *("list", "info", "create", "update", "delete", "history", "diff", "revert", "validate", "resume"),
        "rotate-secret",
    ],
    "notification rule": [
        *("types", "schema", "list", "info", "create", "update", "delete", "history", "diff", "revert"),
        *("validate", "preview", "backtest"),
    ],
    "notification event-type": ["list", "info", "create", "update", "delete", "history", "diff"],
    "notification event": ["emit", "list", "info", "explain", "tail", "dispatch", "replay"],
    "notification delivery": ["list", "info", "retry", "tail"],
    "notification mute": ["create", "list", "info", "end", "history", "diff"],
    "notification config": ["plan", "apply", "test", "export", "adopt", "give-up"],
    "notification audit": ["list"],
    "notification signature": ["verify"],
    "notification keypair": ["create", "list", "deactivate"],
}
VERIFIED = (
    "'--secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '--id', 'msg_p5jXN8AQM9LWM0D4loKWxJek',"
    " '--timestamp', '1614265330', '--signature', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',"
    """ '--body', '{"test": 2432232314}', '--at', '2021-02-25T15:02:10Z'"""
)
Run = Callable[..., Any]


def walk(group: LazyGroup, path: str = "") -> Iterator[tuple[str, LazyGroup, dict[str, click.Command]]]:
    """Visit every group with its path and its commands."""
    context = click.Context(group)
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    found = {name: command for name, command in commands.items() if command is not None}
    yield path, group, found
    for name, command in found.items():
        if isinstance(command, LazyGroup):
            yield from walk(command, f"{path} {name}".strip())


def python(*args: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run Python in a process of its own."""
    return subprocess.run(
        [sys.executable, *args],
        env={**os.environ, "PYTHONPATH": str(PACKAGES), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_tree_is_complete() -> None:
    """The groups hold exactly the commands of the guide and our own, in this order."""
    assert {path: list(commands) for path, _, commands in walk(root)} == GROUPS


def test_listed_help_is_the_commands_own() -> None:
    """What a group says about a command without importing it is what the command says of itself."""
    for _, group, commands in walk(root):
        for name, command in commands.items():
            assert (command.help or "").splitlines()[0] == group.subcommands[name]


def test_every_help_works(run: Run) -> None:
    """Each command's help is shown and names the command as the program is called."""
    for path, _, commands in walk(root):
        for name in commands:
            words = [*path.split(), name]
            result = run(*words, "--help")
            assert result.exit_code == 0
            assert result.stdout.startswith(f"Usage: backend.ai {' '.join(words)} [OPTIONS]")


def test_version(run: Run) -> None:
    """--version names the program and its version."""
    assert run("--version").stdout == "backend.ai, version 0.1.0\n"


def test_unknown_command(run: Run) -> None:
    """An unknown command is a usage error."""
    result = run("notification", "chanel")
    assert result.exit_code == 2
    assert "No such command 'chanel'" in result.stderr


@pytest.mark.parametrize(
    ("args", "unwanted"),
    [
        (
            "['--help']",
            {"json", "shutil", "http.client", "boto3", "backendai_notification_cli.commands.configure"},
        ),
        ("['notification', 'rule', 'create', '--help']", {"http.client", "urllib.request", "boto3"}),
        ("['notification', 'keypair', 'create', '--help']", {"http.client", "boto3"}),
        ("['notification', 'delivery', 'retry', '--help']", {"http.client", "urllib.request", "boto3"}),
        ("['notification', 'delivery', 'tail', '--help']", {"http.client", "urllib.request", "boto3"}),
        ("['notification', 'event', 'tail', '--help']", {"http.client", "urllib.request", "boto3"}),
        ("['notification', 'channel', 'rotate-secret', '--help']", {"http.client", "boto3"}),
        ("['notification', 'signature', 'verify', '--help']", {"http.client", "hashlib", "boto3"}),
        (f"['notification', 'signature', 'verify', {VERIFIED}]", {"http.client", "urllib.request", "boto3"}),
        ("['notification', 'channel', 'list']", {"boto3", "requests", "yaml"}),
        ("['notification', 'config', 'apply', '--help']", {"boto3", "http.client", "yaml"}),
    ],
)
def test_imports_only_what_runs(args: str, unwanted: set[str]) -> None:
    """HTTP and boto3, which cost most of the time, are imported only by what uses them."""
    script = (
        "import sys; from backendai_notification_cli.cli import main\n"
        f"sys.argv[1:] = {args}\nmain()\nprint(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    unreachable = {
        "BACKEND_ENDPOINT": "http://127.0.0.1:1",
        "BACKEND_ACCESS_KEY": "a",
        "BACKEND_SECRET_KEY": "s",
    }
    done = python("-c", script, **unreachable)
    assert done.returncode == 0, done.stderr
    assert not unwanted & set(done.stderr.splitlines())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Make a clone that holds the launcher only, in a folder with a space."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    shutil.copy(LAUNCHER, folder)
    return folder


def launch(program: Path | str, *args: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run the launcher."""
    return subprocess.run(
        [str(program), *args], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("begun", [False, True])
def test_launcher_before_setup(clone: Path, *, begun: bool) -> None:
    """Without a .venv, or with one that is only half made, the launcher says in one line what to run."""
    if begun:
        (clone / ".venv" / "bin").mkdir(parents=True)
    done = launch("./backend.ai", "--help", cwd=clone)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"✗ The command line is not set up yet: run 'make up' (or 'make demo') in {clone} first\n"
    )


@pytest.mark.parametrize("link", [None, "absolute", "relative"])
def test_launcher_runs_the_clones_python(clone: Path, tmp_path: Path, link: str | None) -> None:
    """Called directly or through a symlink, it runs its own .venv with its own local settings."""
    fake = clone / ".venv" / "bin" / "python"
    fake.parent.mkdir(parents=True)
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$NOTIFICATION_LOCAL_ENV" "$@"\n')
    fake.chmod(0o755)
    (clone / ".venv" / "ready").touch()
    program = clone / "backend.ai"
    if link:
        program = tmp_path / "link"
        program.symlink_to(clone / "backend.ai" if link == "absolute" else Path("a clone/backend.ai"))
    done = launch(program, "notification", "a b", cwd=tmp_path)
    assert done.stdout.splitlines() == [
        f"{clone}/.local/env",
        "-P",
        "-m",
        "backendai_notification_cli",
        "notification",
        "a b",
    ]
