"""What is measured in a process of its own, which tells its result as one JSON object."""

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

RUN_SECONDS = 120


class Failed(Exception):
    """The process did not do its work; the message is what it said."""


def result_of(
    command: Sequence[str | Path], env: Mapping[str, str], folder: Path | None = None
) -> dict[str, Any]:
    """Run a program, in a folder if one is given, and return what it tells.

    Raises:
        Failed: it ended with an error.
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as log:
        ran = subprocess.run(
            command, env=env, cwd=folder, stdout=said, stderr=log, check=False, timeout=RUN_SECONDS
        )
        said.seek(0)
        log.seek(0)
        if ran.returncode:
            raise Failed(log.read().decode(errors="replace"))
        result: dict[str, Any] = json.loads(said.read())
        return result


def peak_bytes() -> int:
    """Return the most memory that this process had.

    The figure of getrusage would not do: it begins with what the parent had when it forked.
    """
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    assert found  # noqa: S101 - Linux has it
    return int(found[1]) * 1_024
