"""Events as they end and long after: followed, on the deployed stack."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Thread

from local.common import ROOT
from local.receiver import Receiver
from local.waiting import until
from tests.e2e.test_deliveries import emit, kind
from tests.stack.cli import Cli

__all__ = ["kind"]


@contextmanager
def tail(cli: Cli, *options: str) -> Iterator[Queue[str]]:
    """Follow events; yields the lines that are printed."""
    command = [str(ROOT / "backend.ai"), "notification", "event", "tail", *options]
    lines: Queue[str] = Queue()
    with subprocess.Popen(command, env=cli.env, stdout=subprocess.PIPE, text=True) as process:
        try:
            Thread(target=lambda: [*map(lines.put, process.stdout or ())], daemon=True).start()
            yield lines
        finally:
            process.terminate()


def test_events_are_followed(cli: Cli, kind: str, receiver: Receiver) -> None:
    """Each event after the first is told once, with its rules by name and what became of it for them."""
    cli.rule(kind, cli.channel(receiver.url), "{{ session_id }}", name="To the operators")
    with tail(cli, "--type", kind, "--where", "session_id!=other") as lines:
        # What ended before it began is not told, so events come until it tells of one.
        until("a line is shown", lambda: emit(cli, kind, "first") and not lines.empty())
        emit(cli, kind, "other")
        event_id = emit(cli, kind, "s1")
        told = [lines.get(timeout=30)]
        while event_id not in told[-1]:
            told.append(lines.get(timeout=30))
    assert told[-1].endswith(f"  dispatched   {kind}  {event_id}  To the operators: delivered\n")
    assert len({line.split()[4] for line in told}) == len(told)
