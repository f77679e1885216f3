"""``python -m tests.faults``: make every fault on a stack of its own, and print what became of the events."""

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from local.command import run, tell
from local.common import StackError, free_port
from local.stack import Stack
from tests.faults.importing import Imported, measure_import
from tests.faults.noisy_neighbour import Measured, measure_neighbours
from tests.faults.results import Row, problems, table
from tests.faults.runner import FULL, chosen, make_faults

NEIGHBOURS, IMPORT = "NoisyNeighbour", "Import"


def main() -> int:
    """Run all, or what is chosen; return 0 only if nothing was lost and every fault was really made."""
    arguments = _arguments()
    only, short = set(arguments.only), bool(arguments.short)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as by Ctrl-C
    directory = Path(tempfile.mkdtemp(prefix="faults-"))
    stack = Stack(directory, arguments.port or free_port(), ends_with_starter=True)
    rows: list[Row] = []
    measured: dict[str, Measured | Imported] = {}
    try:
        stack.up(tell)
        if not only or only - {NEIGHBOURS, IMPORT}:
            rows = make_faults(stack, chosen(only, short=short), short=short, tell=tell)
        if not only or NEIGHBOURS in only:
            measured["noisy neighbour"] = measure_neighbours(stack, short=short, tell=tell)
        if not only or IMPORT in only:
            measured["import of rules"] = measure_import(stack, short=short, tell=tell)
    except StackError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the end is not to be interrupted
        stack.ministack.stop()
        shutil.rmtree(directory, ignore_errors=True)
    return _judged(rows, measured, short=short)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="faults")
    parser.add_argument("--short", action="store_true", help="only what needs no minutes")
    parser.add_argument("--port", type=int, help="of the stack; a free one if not given")
    names = [*(kind.__name__ for kind in FULL), NEIGHBOURS, IMPORT]
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        choices=names,
        metavar="NAME",
        help=f"make this fault only; give it again for more of them: {', '.join(names)}",
    )
    return parser.parse_args()


def _judged(rows: list[Row], measured: Mapping[str, Measured | Imported], *, short: bool) -> int:
    """Print what became of everything; return the exit code."""
    told = ([table(rows)] if rows else []) + [each.told() for each in measured.values()]
    print("", "\n\n".join(told), "", sep="\n")
    found = problems(rows)
    faults = {what: each.fault(short=short) for what, each in measured.items()}
    found += [f"{what}: {fault}" for what, fault in faults.items() if fault is not None]
    for problem in found:
        print(f"✗ {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    run(main)
