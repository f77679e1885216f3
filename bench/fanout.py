#!/usr/bin/env python3
"""Measure one event that goes to many receivers, through the dispatcher's own code.

Prints one line of JSON: how many deliveries were made of one warm event, in how many seconds, with how many
seconds of this process's CPU.
"""

import argparse
import importlib.util
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, required=True, metavar="N", help="how many the event matches")
    parser.add_argument(
        "--sink", required=True, metavar="URL", help="where all webhooks go; answers with 2xx"
    )
    parser.add_argument(
        "--records", choices=("on", "off"), default="on", help="write them to DynamoDB, or keep nothing"
    )
    parser.add_argument("--peak", action="store_true", help="tell how much memory it took, too")
    options = parser.parse_args()
    if options.rules < 1:
        parser.error("--rules must be at least 1")
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the dispatcher logs to the standard output
    sys.path.insert(0, str(ROOT))
    import bench  # noqa: F401, PLC0415 - it knows where our packages are
    from notifications.cold_start import loading  # noqa: PLC0415

    with loading():  # as the dispatcher does
        from bench.fanning import Unreachable, measured  # noqa: PLC0415

    try:
        result = measured(options.rules, options.sink, records=options.records == "on")
    except Unreachable as error:
        print(f"fanout: {error}", file=sys.stderr)
        return 2
    if options.peak:
        from bench.process import peak_bytes  # noqa: PLC0415 - after what is measured

        result["peak"] = peak_bytes()
    print(json.dumps(result), file=answer, flush=True)
    if result["deliveries"] < options.rules:
        print(f"fanout: {result['deliveries']} of {options.rules} were delivered", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    if importlib.util.find_spec("pycurl") is None and Path(sys.prefix) != PYTHON.parent.parent:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 - the same command, with our packages
    sys.exit(main())
