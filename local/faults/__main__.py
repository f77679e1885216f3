"""``python -m local.faults``: make every fault on a stack of its own, and print what became of the events."""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from local.__main__ import run, tell
from local.common import StackError, free_port
from local.faults.importing import Imported, measure_import
from local.faults.judgement import problems, table
from local.faults.neighbour import Measured, measure_neighbours
from local.faults.runner import make_faults
from local.stack import Stack


def main() -> int:
    """Run all; return 0 only if nothing was lost and every fault was really made."""
    parser = argparse.ArgumentParser(prog="faults")
    parser.add_argument("--short", action="store_true", help="only what needs no minutes")
    parser.add_argument("--port", type=int, help="of the stack; a free one if not given")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as by Ctrl-C
    directory = Path(tempfile.mkdtemp(prefix="faults-"))
    stack = Stack(directory, arguments.port or free_port())
    try:
        stack.up(tell)
        rows = make_faults(stack, short=arguments.short, tell=tell)
        neighbours = measure_neighbours(stack, short=arguments.short, tell=tell)
        imported = measure_import(stack, short=arguments.short, tell=tell)
    except StackError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the end is not to be interrupted
        stack.ministack.stop()
        shutil.rmtree(directory, ignore_errors=True)
    print(f"\n{table(rows)}\n\n{neighbours.told()}\n\n{imported.told()}\n")
    found = problems(rows)
    slow: dict[str, Measured | Imported] = {"slow neighbour": neighbours, "import of rules": imported}
    faults = {what: measured.fault(short=arguments.short) for what, measured in slow.items()}
    found += [f"{what}: {fault}" for what, fault in faults.items() if fault is not None]
    for problem in found:
        print(f"✗ {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    run(main)
