"""What a million events cost on AWS: counts what one makes us call, and prints the tables of docs/cost.md."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("layers/notifications", "functions/dispatcher", "functions/redeliverer")


def main() -> int:
    """Run as a command."""
    sys.path[:0] = [str(ROOT / package) for package in PACKAGES]
    from bench import bill_tables  # noqa: PLC0415 - it finds our packages only now
    from bench.bill import Assumed  # noqa: PLC0415
    from bench.prices import PRICES, given  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--price",
        action="append",
        default=[],
        metavar="NAME=DOLLARS",
        help=f"another price than the list's: {', '.join(PRICES)}",
    )
    assumed = Assumed()
    parser.add_argument(
        "--record-days", type=float, default=assumed.record_days, help="the stack's RecordDays"
    )
    parser.add_argument(
        "--log-days", type=float, default=assumed.log_days, help="the stack's LogRetentionDays"
    )
    parser.add_argument("--receiver-seconds", type=float, default=assumed.receiver_seconds, metavar="SECONDS")
    options = parser.parse_args()
    try:
        prices = given(PRICES, options.price)
    except ValueError as error:
        parser.error(str(error))
    assumed = Assumed(
        receiver_seconds=options.receiver_seconds,
        record_days=options.record_days,
        log_days=options.log_days,
    )
    for table in bill_tables.tables(prices, assumed):
        print(table, end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
