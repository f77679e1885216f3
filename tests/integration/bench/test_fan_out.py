"""What bench/fanout.py measures is what it says: one event, each of its deliveries once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench import memory
from bench.process import Failed
from bench.sink import sink
from bench.warm import run_bare
from local.common import ROOT, plain_env
from local.receiver import Received, Receiver, Reply
from tests.integration.sockets import unused_url

RULES = 30


def run(url: str, records: str = "off") -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command: list[str | Path] = [sys.executable, ROOT / "bench" / "fanout.py", "--rules", str(RULES)]
    return subprocess.run(
        [*command, "--sink", url, "--records", records],
        check=False,
        capture_output=True,
        text=True,
        env=plain_env(),
        timeout=60,
    )


def test_one_line_for_one_event() -> None:
    """It prints one line of JSON, and what the sink got are the event's deliveries and the warm-up's."""
    with Receiver() as receiver:
        ended = run(receiver.url)
        received = list(receiver.received)
    assert ended.returncode == 0, ended.stderr
    (line,) = ended.stdout.splitlines()
    result = json.loads(line)
    assert result.keys() == {"deliveries", "seconds", "cpu_seconds"}
    assert result["deliveries"] == RULES
    assert result["cpu_seconds"] > 0
    assert result["seconds"] > 0
    ids = {request.headers["webhook-id"] for request in received}
    events = {webhook_id.partition("_")[0] for webhook_id in ids}
    assert (len(received), len(ids), len(events)) == (2 * RULES, 2 * RULES, 2)
    assert len({request.body for request in received}) == RULES
    assert all("webhook-signature" in request.headers for request in received)


def test_a_sink_that_is_not_there() -> None:
    """It says so, prints nothing that could be taken for a figure, and fails."""
    ended = run(unused_url())
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "does not answer" in ended.stderr


def test_a_sink_that_refuses() -> None:
    """What was not delivered is not counted, and it fails."""
    with Receiver(lambda _: Reply(500)) as receiver:
        ended = run(receiver.url)
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["deliveries"] == 0
    assert f"0 of {RULES} were delivered" in ended.stderr


def test_the_fast_sink_counts() -> None:
    """The sink of the benchmark gets each of them as well, and can answer late."""
    with sink() as quick:
        assert run(quick.url).returncode == 0
    with sink(0.01) as late:
        assert run(late.url).returncode == 0
    assert (quick.received, late.received) == (2 * RULES, 2 * RULES)


def test_memory_is_bounded() -> None:
    """Messages that are several times what a process may have are all delivered within that."""
    peak = memory.run(events=3, rules=300, message_bytes=250_000, megabytes=320)
    assert peak < 400 * 1024 * 1024  # what is of files does not count for the limit


def test_a_limit_that_is_too_low_shows() -> None:
    """What cannot be done within the limit is told, and not taken for a low figure."""
    with pytest.raises(Failed):
        memory.run(events=1, rules=20, message_bytes=250_000, megabytes=48)


def test_the_bare_loop_posts_the_same() -> None:
    """What the fan-out is compared to sends the same headers and bodies, with signatures as long."""
    with Receiver() as receiver:
        assert run(receiver.url).returncode == 0
        ours = receiver.received[-RULES:]
        assert run_bare(RULES, receiver.url).deliveries == RULES
        bare = receiver.received[-RULES:]
    assert {request.body for request in bare} == {request.body for request in ours}
    assert [_lengths(request) for request in bare] == [_lengths(request) for request in ours]


def _lengths(request: Received) -> dict[str, int]:
    return {name.lower(): len(value) for name, value in request.headers.items()}
