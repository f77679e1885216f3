"""``python -m bench``: measure everything, print the table, and keep the figures."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench import bridge, burst, cli, cold, flat, memory, process, sweeping, templates, warm
from bench.comparison import committed, told
from bench.figure import Figure, table
from bench.limit import limited
from local.command import run, tell
from local.common import ROOT, StackError, Tell

RESULTS = ROOT / "bench" / "results.json"
ROUNDS = 5
"""The median of so many counts."""

PART_SECONDS = 300
"""What a part takes at most; most take less than a minute."""

PARTS: dict[str, Callable[[int, Tell], list[Figure]]] = {
    "cold": cold.figures,
    "cli": cli.figures,
    "warm": warm.figures,
    "templates": templates.figures,
    "memory": memory.figures,
    "flat": flat.figures,
    "sweep": sweeping.figures,
    "burst": burst.figures,
    "bridge": bridge.figures,
}


def main() -> int:
    """Measure; return 0 only if every bound is kept."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"the median of so many ({ROUNDS})")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part; nothing is kept then")
    arguments = parser.parse_args()
    figures: list[Figure] = []
    try:
        for name in arguments.only or PARTS:
            with limited(PART_SECONDS, name):
                figures += PARTS[name](arguments.rounds, tell)
    except (StackError, process.Failed) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    print(f"\n{table(figures)}\n\n{told(figures, committed(RESULTS))}\n")
    if arguments.only is None:
        _keep(RESULTS, figures)
    return 0 if all(figure.holds for figure in figures) else 1


def _keep(file: Path, figures: Sequence[Figure]) -> None:
    document = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cpu": _cpu(),
            "cores": os.cpu_count(),
            "system": platform.platform(terse=True),
            "python": platform.python_version(),
        },
        "figures": [{**asdict(figure), "median": figure.value, "holds": figure.holds} for figure in figures],
    }
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    run(main)
