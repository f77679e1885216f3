"""How much memory a dispatcher needs when events make many large messages, beside what its function has."""

import json
import sys
from pathlib import Path

from bench.figure import Figure
from bench.process import Failed, result_of
from bench.sink import sink
from local.common import ROOT, Tell, plain_env
from tests.template import resources

EVENTS, RULES, MESSAGE_BYTES = 6, 700, 250_000
ROUNDS = 2
"""A gigabyte is sent and recorded in each."""

WRITTEN = json.dumps({"UnprocessedItems": {}, "UnprocessedKeys": {}, "Responses": {}})
"""What DynamoDB answers when it has done all of a batch."""

MAX_SHARE = 0.5
"""Of the function's memory; the rest is for large events and for what the allocator does not give back."""


def function_megabytes() -> int:
    """Return what template.yaml gives the dispatcher."""
    return int(resources()["DispatcherFunction"]["Properties"]["MemorySize"])


def run(events: int, rules: int, message_bytes: int, megabytes: int | None = None) -> int:
    """Dispatch so many events of large messages in a process of its own; return its peak of memory in bytes.

    ``megabytes``: what it may have.

    Raises:
        Failed: not all was delivered.
    """
    numbers = {"events": events, "rules": rules, "bytes": message_bytes, "megabytes": megabytes}
    options = [part for name, value in numbers.items() if value for part in (f"--{name}", str(value))]
    command: list[str | Path] = [sys.executable, ROOT / "bench" / "heavy.py", *options]
    with sink() as receiver, sink(body=WRITTEN) as table:
        urls = ["--sink", receiver.url, "--aws", table.url]
        told = result_of([*command, *urls], plain_env())
    delivered: int = told["deliveries"]
    if delivered != events * rules:
        raise Failed(f"{delivered} of {events * rules} large messages were delivered")
    peak: int = told["peak"]
    return peak


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure a few rounds.

    Raises:
        Failed: not all was delivered.
    """
    shares = []
    has = function_megabytes() * 1024 * 1024
    for number in range(1, min(rounds, ROUNDS) + 1):
        tell(f"{EVENTS * RULES:,} messages of {MESSAGE_BYTES // 1000} KB, round {number}")
        shares.append(run(EVENTS, RULES, MESSAGE_BYTES) / has)
    return [
        Figure(
            f"{EVENTS} events, {RULES} messages of {MESSAGE_BYTES // 1000} KB each: peak memory",
            "of the function's",
            shares,
            bound=MAX_SHARE,
            compared_to=f"{has / 1_000_000:,.0f} MB",
        )
    ]
