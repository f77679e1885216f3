"""Events as they end and long after, on the deployed stack: followed, tried and replayed."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Thread

from local.common import ROOT
from local.receiver import Receiver
from local.waiting import until
from tests.e2e.test_conditions import ended
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
    with tail(cli, "--rule-type", kind, "--where", "session_id!=other") as lines:
        # What ended before it began is not told, so events come until it tells of one.
        until("a line is shown", lambda: emit(cli, kind, "first") and not lines.empty())
        emit(cli, kind, "other")
        event_id = emit(cli, kind, "s1")
        told = [lines.get(timeout=30)]
        while event_id not in told[-1]:
            told.append(lines.get(timeout=30))
    assert told[-1].endswith(f"  dispatched   {kind}  {event_id}  To the operators: delivered\n")
    assert len({line.split()[4] for line in told}) == len(told)


def test_recorded_events_go_through_a_new_rule(cli: Cli, kind: str, receiver: Receiver) -> None:
    """A rule is backtested with events from before it, they are replayed through it, and once only."""
    events = [emit(cli, kind, f"s{number}") for number in range(5)]
    for event_id in events:
        ended(cli, event_id)
    where = ("--where", "session_id=s1,s2,s3")
    rule_id = cli.rule(kind, cli.channel(receiver.url), "{{ session_id }}", *where, name="Later")
    tried = cli.json("rule", "backtest", rule_id, "--since", "1h", "--json")
    assert (tried["searched"], tried["hits"], sum(tried["hours"].values())) == (5, 3, 3)
    assert cli.run("rule", "backtest", rule_id, "--since", "1h", "--max", "2/d").code == 3
    replay = ("event", "replay", "--rule", rule_id, "--since", "1h")
    assert cli.json(*replay, "--dry-run")["replayed"] == 3
    assert receiver.received == []
    assert cli.json(*replay, "--yes")["replayed"] == 3
    got = {request.headers["webhook-id"] for request in receiver.wait_for(3)}
    assert got == {f"{event_id}_{rule_id}" for event_id in events[1:4]}
    again = cli.json(*replay, "--yes")
    assert (again["already"], again["replayed"]) == (3, 0)
    assert cli.run(*replay, "--where", "session_id=s9", "--yes").code == 3


def test_a_draft_is_backtested_beside_its_rule(cli: Cli, kind: str, receiver: Receiver) -> None:
    """A draft in a file stands in for a stored rule, and what differs is told; nothing is sent."""
    rule_id = cli.rule(kind, cli.channel("https://receiver.example.com"), "1", "--where", "session_id=s1")
    for event_id in [emit(cli, kind, f"s{number}") for number in range(3)]:
        ended(cli, event_id)
    (cli.directory / "draft.yaml").write_text("where: ['session_id=s1,s2']\n")
    told = cli.json("rule", "backtest", rule_id, "-f", "draft.yaml", "--since", "1h", "--compare", "--json")
    assert [told["difference"][name] for name in ("both", "only_draft", "only_stored")] == [1, 1, 0]
    assert receiver.received == []
