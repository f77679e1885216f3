"""``python -m bench``: measure everything, print the table, and keep the figures."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from subprocess import SubprocessError

from bench import bridge, burst, cli, cold, conditions, flat, memory, process, sweeping, templates, warm
from bench.comparison import committed, told
from bench.figure import Figure, table
from bench.limit import limited
from bench.page import page
from local.command import run, tell
from local.common import ROOT, StackError, Tell

RESULTS = ROOT / "bench" / "results.json"
PAGE = ROOT / "docs" / "performance.md"
ROUNDS = 5
"""The median of so many counts."""

PART_SECONDS = 400
"""What a part may take; most take less than a minute, bursts three on a quiet machine."""

FAILURES = (StackError, process.Failed, flat.Wrong, conditions.Wrong, SubprocessError)
"""Why a part may have no figures."""

PARTS: dict[str, Callable[[int, Tell], list[Figure]]] = {
    "cold": cold.figures,
    "cli": cli.figures,
    "warm": warm.figures,
    "templates": templates.figures,
    "memory": memory.figures,
    "flat": flat.figures,
    "conditions": conditions.figures,
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
    parts: dict[str, list[Figure]] = {}
    failed: list[str] = []
    for name in arguments.only or PARTS:
        try:
            with limited(PART_SECONDS, name):
                parts[name] = PARTS[name](arguments.rounds, tell)
        except FAILURES as error:  # the other parts have something to say still
            failed.append(f"✗ {name} was not measured: {error}")
    figures = [*chain(*parts.values())]
    print(f"\n{table(figures)}\n\n{told(figures, committed(RESULTS))}\n")
    if failed:
        print("\n".join(failed), file=sys.stderr)
    elif arguments.only is None:
        _keep(parts)
    return 0 if not failed and all(figure.holds for figure in figures) else 1


def _keep(parts: Mapping[str, Sequence[Figure]]) -> None:
    """Write the results, and the tables of the page that shows them."""
    document = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cpu": _cpu(),
            "cores": os.cpu_count(),
            "system": platform.platform(terse=True),
            "python": platform.python_version(),
        },
        "figures": [
            {"part": part, **asdict(figure), "median": figure.value, "holds": figure.holds}
            for part, figures in parts.items()
            for figure in figures
        ],
    }
    RESULTS.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    PAGE.write_text(page(PAGE.read_text(), document))


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    run(main)
