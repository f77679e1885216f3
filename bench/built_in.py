"""Backend.AI's own notification center beside ours: one event that goes to many receivers."""

import json
import subprocess
from pathlib import Path

from bench.figure import Figure
from bench.sink import sink
from local.common import ROOT, StackError, Tell

PYTHON = ROOT / ".venv-center" / "bin" / "python"
CENTER = ROOT / "bench" / "center.py"
RULES = 1_000


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure it where it is installed; it needs Python 3.13, which may not be here.

    Raises:
        StackError: it did not deliver all.
    """
    if not PYTHON.exists():
        tell("Backend.AI's own is left out; `make .venv-center/ready PYTHON_3_13=python3.13` installs it")
        return []
    tell(f"Backend.AI's own notification center, {RULES:,} rules ...")
    with sink() as receiver:
        measured = [_measure(receiver.url) for _ in range(rounds)]
    return [
        Figure(
            "Backend.AI's own: delivered",
            "a second",
            [one["deliveries"] / one["seconds"] for one in measured],
            "at least",
        ),
        Figure(
            "Backend.AI's own: CPU",
            "ms a delivery",
            [1000 * one["cpu_seconds"] / one["deliveries"] for one in measured],
        ),
    ]


def _measure(url: str) -> dict[str, float]:
    command: list[str | Path] = [PYTHON, CENTER, "--rules", str(RULES), "--sink", url]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise StackError(f"Backend.AI's own notification center failed:\n{result.stderr}")
    answer: dict[str, float] = json.loads(result.stdout)
    if answer["deliveries"] != RULES:
        raise StackError(f"Backend.AI's own delivered {answer['deliveries']} of {RULES}")
    return answer
