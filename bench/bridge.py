"""The bridge under a burst: what it reads of 5,000 entries beside a loop of XREAD, and how fast it puts."""

import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figure import Figure, ratios
from bench.process import Failed
from local.bridge_process import BridgeProcess, entry, reading
from local.common import ROOT, StackError, Tell, first_line, plain_env
from local.recordings import burst, recordings
from local.valkey import Valkey
from local.waiting import until
from tests.cloud.bus import Bus, standing_in

ENTRIES = 5_000
ROUNDS = 5
MIN_PUT = 0.03
"""Of what a bare loop puts a second: http.client, ten events a request, without signatures."""

MAX_GROWTH = 2.0
"""Of its memory, beside what it has before anything comes."""

PUT_SIZE = 10

Entries = Sequence[dict[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Round:
    """What one bridge did: entries read, events a second put, by it and by a bare loop.

    ``rest``, ``peak``: its bytes of memory before anything came, and at most.
    """

    read: int
    rate: float
    bare_rate: float
    rest: int
    peak: int


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure some rounds, the bridge and the bare loop in turn.

    Raises:
        Failed: something did not come in time.
    """
    entries = _real()
    bare: list[float] = []
    bridged: list[Round] = []
    try:
        with tempfile.TemporaryDirectory(prefix="bench-bridge-") as directory:
            for number in range(1, min(rounds, ROUNDS) + 1):
                tell(f"The bridge, round {number}")
                place = Path(directory, str(number))
                bare.append(_bare(place / "bare", entries))
                bridged.append(_bridge(place / "bridge", entries))
    except StackError as error:
        raise Failed(str(error)) from error
    return [
        Figure(f"{ENTRIES:,} entries in one burst: read by a loop of XREAD", "entries", bare, "at least"),
        *_bounded(bridged),
    ]


def _bounded(rounds: Sequence[Round]) -> list[Figure]:
    read = f"{ENTRIES:,} entries in one burst: read by the bridge"
    put = "events the bridge puts, from one burst of entries"
    rates, bare = [each.rate for each in rounds], [each.bare_rate for each in rounds]
    memory = ratios([each.peak for each in rounds], [each.rest for each in rounds])
    megabytes = [each.peak / 1_000_000 for each in rounds]
    return [
        Figure(read, "entries", [each.read for each in rounds], "at least", ENTRIES),
        Figure(put, "times", ratios(rates, bare), "at least", MIN_PUT, "a bare loop that puts"),
        Figure("the bridge: peak memory", "times", memory, bound=MAX_GROWTH, compared_to="before the burst"),
        Figure(put, "a second", rates, "at least"),
        Figure("events a bare loop puts", "a second", bare, "at least"),
        Figure("the bridge: peak memory", "MB", megabytes),
    ]


def _real() -> Entries:
    """Repeat the recordings of what Backend.AI's producers wrote on the stream."""
    fields = [recording.fields for recording in recordings("stream")]
    return [fields[number % len(fields)] for number in range(ENTRIES)]


def _bare(directory: Path, entries: Entries) -> float:
    """Count what a loop of XREAD reads."""
    with Valkey(directory) as valkey:
        command = [sys.executable, "-m", "bench.xread", str(valkey.port)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=plain_env(), cwd=ROOT)
        try:
            first_line(process.stdout)
            burst(valkey.client(), entries)
            return float(first_line(process.stdout))
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _bridge(directory: Path, entries: Entries) -> Round:
    """Count what the bridge reads of the same, and time it with entries that make an event each."""
    with Valkey(directory / "valkey") as valkey, standing_in() as bus:
        settings = {"VALKEY__ADDR": f"127.0.0.1:{valkey.port}"}
        with BridgeProcess(directory / "bridge", bus.url, settings) as bridge:
            client = valkey.client()
            until("the bridge reads", lambda: reading(client))
            rest = bridge.peak_memory()
            burst(client, entries)
            read = _settled(bridge)
            before = len(bus.entries)
            began = time.monotonic()
            burst(client, [entry(number) for number in range(ENTRIES)])
            until("all is put", lambda: len(bus.entries) >= before + ENTRIES, 120.0)
            seconds = time.monotonic() - began
            put = [dict(each) for each in bus.entries[before:]]
            return Round(read, ENTRIES / seconds, _bare_rate(bus, put), rest, bridge.peak_memory())


def _settled(bridge: BridgeProcess) -> int:
    """Wait until the bridge has read and put what it can; return how many entries it has read."""
    found: dict[str, Any] = {}

    def quiet() -> bool:
        before = dict(found)
        found.update(bridge.stats())
        waits = found["waiting"]["heard"] + found["waiting"]["events"]
        return bool(before) and waits == 0 and before["counters"] == found["counters"]

    until("the bridge is quiet", quiet, 120.0)
    return int(found["counters"].get("read: stream", 0))


def _bare_rate(bus: Bus, entries: Sequence[dict[str, Any]]) -> float:
    """Return how many of these events a second a bare loop puts."""
    connection = http.client.HTTPConnection(bus.url.removeprefix("http://"), timeout=30)
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSEvents.PutEvents"}
    began = time.monotonic()
    for start in range(0, len(entries), PUT_SIZE):
        body = json.dumps({"Entries": entries[start : start + PUT_SIZE]})
        connection.request("POST", "/", body, headers)
        connection.getresponse().read()
    connection.close()
    return len(entries) / (time.monotonic() - began)
