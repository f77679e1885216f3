"""Backend.AI's own notification center beside ours: one event that goes to many receivers."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.figure import Figure
from bench.process import RUN_SECONDS
from local.common import ROOT, StackError, Tell

PYTHON = ROOT / ".venv-center" / "bin" / "python"
CENTER = ROOT / "bench" / "center.py"
RULES = 1_000


def is_here(tell: Tell) -> bool:
    """Tell whether it is installed; it needs Python 3.13, which may not be here."""
    if not PYTHON.exists():
        tell("Backend.AI's own is left out; `make .venv-center/ready PYTHON_3_13=python3.13` installs it")
    return PYTHON.exists()


def milliseconds(measured: Mapping[str, float]) -> float:
    """Return the CPU time of a delivery."""
    return 1000 * measured["cpu_seconds"] / measured["deliveries"]


def figures(measured: Sequence[Mapping[str, float]]) -> list[Figure]:
    """Write what was measured; nothing if it is not here."""
    if not measured:
        return []
    rates = [one["deliveries"] / one["seconds"] for one in measured]
    return [
        Figure("Backend.AI's own: CPU of a delivery", "ms", [*map(milliseconds, measured)]),
        Figure("Backend.AI's own: deliveries", "a second", rates, "at least"),
    ]


def measure(url: str) -> dict[str, float]:
    """Send one warm event to ``RULES`` receivers at this URL.

    Raises:
        StackError: it did not deliver all.
    """
    command: list[str | Path] = [PYTHON, CENTER, "--rules", str(RULES), "--sink", url]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=RUN_SECONDS)
    if result.returncode != 0:
        raise StackError(f"Backend.AI's own notification center failed:\n{result.stderr}")
    answer: dict[str, float] = json.loads(result.stdout)
    if answer["deliveries"] != RULES:
        raise StackError(f"Backend.AI's own delivered {answer['deliveries']} of {RULES}")
    return answer
