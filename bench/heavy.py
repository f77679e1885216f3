#!/usr/bin/env python3
"""Dispatch a batch of events whose messages are large and many, with no more memory than a function has.

Prints one line of JSON: how many deliveries were made, and how many bytes of
memory it took at most. Their records are written, to something that takes
them and keeps none: what is measured is the memory of this process.
"""

import argparse
import json
import os
import resource
import sys
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = '{"text": "{{ session_name }}"}'


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, required=True, metavar="N")
    parser.add_argument("--rules", type=int, required=True, metavar="N", help="how many each event matches")
    parser.add_argument("--bytes", type=int, required=True, metavar="N", help="of each message")
    parser.add_argument("--sink", required=True, metavar="URL", help="where all webhooks go")
    parser.add_argument("--aws", required=True, metavar="URL", help="answers as if DynamoDB had written all")
    parser.add_argument("--megabytes", type=int, help="how much memory the process may have")
    options = parser.parse_args()
    if options.megabytes:
        limit = options.megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the dispatcher logs to the standard output
    sys.path.insert(0, str(ROOT))
    os.environ |= {
        "AWS_ENDPOINT_URL": options.aws,
        "DELIVERIES_TABLE": "deliveries",
        "RECORD_DAYS": "1",
        "RECORD_SHARDS": "16",
    }
    from bench.process import peak_bytes  # noqa: PLC0415

    told = {"deliveries": _delivered(options), "peak": peak_bytes()}
    print(json.dumps(told), file=answer, flush=True)
    return 0


def _delivered(options: argparse.Namespace) -> int:
    import bench  # noqa: F401, PLC0415 - it knows where our packages are
    from bench.fanning import channel, dispatch_batch, event, rule  # noqa: PLC0415
    from bench.stand_ins import NoEvents, NoHealth, dispatcher  # noqa: PLC0415
    from local.common import CREDENTIALS, REGION  # noqa: PLC0415
    from notifications.store.records import RecordStore  # noqa: PLC0415
    from notifications.wiring import Services  # noqa: PLC0415

    os.environ |= {**CREDENTIALS, "AWS_REGION": REGION}
    keep = timedelta(days=1)
    services = Services(os.environ)
    records = RecordStore(services.client("dynamodb"), "deliveries", keep, 16)
    nobody = services.client("sqs")
    channels = [channel(number, options.sink) for number in range(options.rules)]
    rules = [rule(number, to, template=TEMPLATE) for number, to in enumerate(channels)]
    opened = dispatcher(rules, channels, records, NoEvents(nobody, "", keep, 16), NoHealth(nobody, ""))
    name = "n" * (options.bytes - len(TEMPLATE) + len("{{ session_name }}"))
    reports = dispatch_batch(opened, [event(session_name=name) for _ in range(options.events)])
    return sum(result.status == "delivered" for report in reports for result in report.deliveries)


if __name__ == "__main__":
    sys.exit(main())
