"""Closed, cut or full outputs end a command as they end other tools."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import backendai_notification_cli

pytestmark = pytest.mark.slow


ID = "550e8400-e29b-41d4-a716-446655440000"
PACKAGES = Path(backendai_notification_cli.__file__).parents[1]
COMMAND = [sys.executable, "-m", "backendai_notification_cli"]
UPDATE = ["notification", "channel", "update", ID, "--description", "x"]
VALIDATE = ["notification", "rule", "validate", ID, "--data", "{}"]
REFUSED = ["notification", "rule", "info", "x"]
CHANNEL = {"id": ID, "name": "n"}
STATUS, SHOWN = f"✓ Channel updated: {ID}\n", json.dumps(CHANNEL, indent=2) + "\n"
FULL = "✗ Cannot write the output: No space left on device\n"
BUFFERING: tuple[dict[str, str], ...] = ({}, {"PYTHONUNBUFFERED": "1"}, {"PYTHONIOENCODING": "ascii:strict"})


@pytest.fixture(autouse=True)
def answers(service: Any) -> None:
    """Answer each of the commands above."""
    service.answers("PATCH", f"/notifications/channels/{ID}", {"channel": CHANNEL})
    service.answers("POST", f"/notifications/rules/{ID}/validate?custom=true", {"message": "m"})


def run(redirected: str, arguments: list[str], **given: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line from a shell that redirects its outputs, with more in its environment."""
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirected}', "sh", *COMMAND, *arguments],
        env={**os.environ, "PYTHONPATH": str(PACKAGES), **given},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("redirected", "out", "err"),
    [
        ("2>&-", SHOWN, ""),
        (">&-", "", STATUS),
        (">&- 2>&-", "", ""),
        ("<&- >&- 2>&-", "", ""),
    ],
)
def test_closed(service: Any, redirected: str, out: str, err: str) -> None:
    """A command whose outputs are closed does what it is told, and those that are open get their part."""
    done = run(redirected, UPDATE)
    assert (done.returncode, done.stdout, done.stderr) == (0, out, err)
    assert [request["method"] for request in service.requests] == ["PATCH"]


@pytest.mark.parametrize("arguments", [VALIDATE, ["--help"], ["--version"], ["completion", "bash"]])
@pytest.mark.parametrize("redirected", [">&-", ">&- 2>&-"])
def test_any_command_with_closed_outputs(arguments: list[str], redirected: str) -> None:
    """What any command prints may go nowhere."""
    assert run(redirected, arguments).returncode == 0


@pytest.mark.parametrize("redirected", ["2>&-", ">&-", ">&- 2>&-"])
def test_a_failure_with_closed_outputs(redirected: str) -> None:
    """The exit code tells of a failure also where nothing can be printed."""
    assert run(redirected, REFUSED).returncode == 1


@pytest.mark.parametrize("arguments", [UPDATE, VALIDATE, ["--help"]])
@pytest.mark.parametrize("given", BUFFERING)
@pytest.mark.parametrize("errors", [subprocess.PIPE, subprocess.STDOUT])
def test_cut(errors: int, given: dict[str, str], arguments: list[str]) -> None:
    """A reader that went away ends the output quietly, with the exit code that shells tell of SIGPIPE."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as cut:
        done = subprocess.run(
            [*COMMAND, *arguments],
            env={**os.environ, "PYTHONPATH": str(PACKAGES), **given},
            stdout=cut,
            stderr=errors,
            check=False,
            timeout=120,
        )
    assert done.returncode == 141
    assert b"rror" not in (done.stderr or b"")


@pytest.mark.parametrize("given", BUFFERING[:2])
@pytest.mark.parametrize(("arguments", "status"), [(UPDATE, STATUS), (["--help"], "")])
def test_full(arguments: list[str], status: str, given: dict[str, str]) -> None:
    """A full disk is told in one line, whether Python buffers or not: not again when the process ends."""
    done = run(">/dev/full", arguments, **given)
    assert (done.returncode, done.stderr) == (1, status + FULL)


@pytest.mark.parametrize("redirected", [">/dev/full 2>&1", ">/dev/full 2>&-", "2>/dev/full >&-"])
@pytest.mark.parametrize("arguments", [UPDATE, REFUSED])
def test_nothing_can_be_told(arguments: list[str], redirected: str) -> None:
    """Where not even an error can be written, the exit code still tells."""
    assert run(redirected, arguments).returncode == 1


def test_status_lines_that_cannot_be_written() -> None:
    """What goes to stdout may be shown just this once: it is written though a status line is lost."""
    done = run("2>/dev/full", UPDATE)
    assert (done.returncode, done.stdout) == (1, SHOWN)
