"""Deaths of the bridge, of Valkey, and of EventBridge's responses: what was readable arrives, and once."""

import random
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from backendai_notification_bridge.reading.leader import KEY
from local.bridge_process import BridgeProcess, entry
from local.recordings import burst
from local.valkey import Sentinel, Valkey
from local.waiting import until
from tests.faults.bridge_entries import Fields, endpoint, event_id, task
from tests.faults.fault import Evidence, Fault, NotProvokedError, at_least

ENTRIES, SHORT_ENTRIES = 2_000, 100
PORTION = 50
"""So many entries are added at a time, which is far less than the stream keeps: all of them can be read."""

EVENTBRIDGE = "AWSEvents"
WAIT_SECONDS = 120.0


class _Bridged(Fault):
    """Entries come, portion by portion, while something dies."""

    event_type: ClassVar[str]
    template: ClassVar[str] = "{{ message }}"
    bridges = 1
    deaths = 0
    what: ClassVar[str] = "deaths"
    seed = 0

    def prepare(self) -> None:
        """Make a receiver of the type that the entries make."""
        self.seed = random.randrange(10**8) * 10_000  # noqa: S311 - other runs on this stack have other events
        self.route("accept", on=self.event_type, template=self.template)

    def fields(self, number: int) -> Fields:
        """Write an entry."""
        raise NotImplementedError

    def provoke(self) -> None:
        """Add the entries and let things die, then wait until the bridge has put everything."""
        with ExitStack() as exits:
            directory = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="faults-bridge-")))
            self.run(directory, exits)

    def run(self, directory: Path, exits: ExitStack) -> None:
        """Run with one Valkey, and so many bridges."""
        valkey = exits.enter_context(Valkey(directory / "valkey"))
        place = {"VALKEY__ADDR": f"127.0.0.1:{valkey.port}"}
        bridges = [self.bridge(directory / f"{number}", exits, place) for number in range(self.bridges)]
        for bridge in bridges:
            bridge.start()
            until("the bridge reads", lambda: _position(bridge) is not None)  # noqa: B023
        for number, portion in enumerate(self.portions()):
            burst(valkey.client(), portion)
            self.disturb(number, bridges, valkey)
            until("all is in a spool", lambda: _kept(bridges, valkey), WAIT_SECONDS)
        self.finish(bridges)

    def bridge(self, directory: Path, exits: ExitStack, settings: Mapping[str, str]) -> BridgeProcess:
        """Make a bridge to the stack's bus."""
        outputs = self.stack.outputs
        more = {**settings, "BUS__NAME": outputs["EventBusName"]}
        made = BridgeProcess(directory, self.endpoint(), more)
        made.environment |= self.stack.stack.aws_env()
        exits.callback(made.kill)
        return made

    def endpoint(self) -> str:
        """Return where EventBridge is for the bridge."""
        return f"http://127.0.0.1:{self.stack.stack.port}"

    def portions(self) -> Iterator[list[Fields]]:
        """Write the entries, and expect their events."""
        count = self.count(ENTRIES, SHORT_ENTRIES)
        for start in range(0, count, PORTION):
            numbers = range(self.seed + start, self.seed + min(start + PORTION, count))
            portion = [self.fields(number) for number in numbers]
            for fields in portion:
                made = event_id(fields)
                self.stack.put_at[made] = time.monotonic()
                self.expect(made, self.routes)
            yield portion

    def disturb(self, number: int, bridges: list[BridgeProcess], valkey: Valkey) -> None:
        """Let something die, or not."""

    def is_due(self, number: int, times: int) -> bool:
        """Tell whether it is time for a death, of so many in all."""
        portions = self.count(ENTRIES, SHORT_ENTRIES) // PORTION
        return number % max(1, portions // times) == 0

    def finish(self, bridges: list[BridgeProcess]) -> None:
        """Wait until everything is put."""
        until("everything is put", lambda: all(bridge.waiting() == 0 for bridge in bridges), WAIT_SECONDS)

    def proof(self, evidence: Evidence) -> str:
        """Tell how often something died, and that no webhook-id came twice.

        Raises:
            NotProvokedError: one did, or nothing died.
        """
        twice = sum(
            len([each for each in evidence.received.get(delivery_id, ()) if each.accepted]) > 1
            for delivery_id in self.expected
        )
        if twice:
            raise NotProvokedError(f"{twice} webhook-ids came twice")
        return f"{at_least(1, self.deaths, self.what)} {self.what}"


class BridgeKilled(_Bridged):
    """The bridge dies at random moments: while it reads, makes or puts."""

    name = "bridge killed, at random moments"
    event_type = "artifact.download.completed"
    template = "{{ artifact_name }}"
    times = 10

    def fields(self, number: int) -> Fields:
        """Write a notification."""
        return entry(number)

    def disturb(self, number: int, bridges: list[BridgeProcess], valkey: Valkey) -> None:
        """Kill it, and start it again."""
        del valkey
        if self.is_due(number, self.times):
            time.sleep(random.uniform(0.0, 0.15))  # noqa: S311 - any moment will do
            bridges[0].kill()
            self.deaths += 1
            bridges[0].start()


class LeadingBridgeKilled(_Bridged):
    """Of two bridges, the one that leads dies; the other one takes over, and later dies itself."""

    name = "leading bridge killed, another one takes over"
    event_type = "bgtask.done"
    bridges = 2
    times = 2

    def fields(self, number: int) -> Fields:
        """Write the end of a task."""
        return task("bgtask_done", number)

    def disturb(self, number: int, bridges: list[BridgeProcess], valkey: Valkey) -> None:
        """Kill the one that leads, and start it again when the other one does."""
        if not self.is_due(number, self.times):
            return
        leading, other = bridges
        leading.kill()
        self.deaths += 1
        holder = other.marks()["spool.id"].encode()
        until("the other bridge leads", lambda: valkey.client(15).get(KEY) == holder, 15.0)
        leading.start()
        bridges.reverse()


class BridgeResponsesLost(_Bridged):
    """EventBridge throttles, fails, or does what it is asked and loses the response."""

    name = "bridge: EventBridge's responses are lost"
    event_type = "endpoint.lifecycle.changed"
    template = "{{ endpoint_name }}"
    what = "requests"
    faults = (("throttle", 0.15), ("error", 0.15), ("lose", 0.15))

    def fields(self, number: int) -> Fields:
        """Write a notification."""
        return endpoint(number)

    def endpoint(self) -> str:
        """Go through the proxy."""
        return self.proxy.url

    def provoke(self) -> None:
        """Make the faults for a share of the requests."""
        faults: list[dict[str, Any]] = [
            {"name": f"{self.slug}.{act}", "act": act, "service": EVENTBRIDGE, "share": share}
            for act, share in self.faults
        ]
        self.proxy.make(faults)
        super().provoke()
        self.deaths = sum(self.proxy.made()[f"{self.slug}.{act}"] for act, _ in self.faults)
        self.proxy.make([])


class ValkeyFailsOver(_Bridged):
    """Valkey's master dies, and Sentinel promotes its replica: what was written there is read there."""

    name = "bridge: Valkey fails over to its replica"
    event_type = "bgtask.failed"

    def fields(self, number: int) -> Fields:
        """Write the failure of a task."""
        return task("bgtask_failed", number)

    def run(self, directory: Path, exits: ExitStack) -> None:
        """Run with two Valkeys and a Sentinel; the master dies in the middle."""
        master = exits.enter_context(Valkey(directory / "master"))
        replica = exits.enter_context(Valkey(directory / "replica", replica_of=master.port))
        sentinel = exits.enter_context(Sentinel(directory / "sentinel", master))
        place = {
            "VALKEY__SENTINEL": f"127.0.0.1:{sentinel.port}",
            "VALKEY__SERVICE_NAME": sentinel.service,
        }
        bridge = self.bridge(directory / "bridge", exits, place)
        bridge.start()
        until("the bridge reads", lambda: _position(bridge) is not None)
        until("the replica follows", sentinel.sees_replica)
        portions = list(self.portions())
        for number, portion in enumerate(portions):
            if number == len(portions) // 2:
                master.kill()
                self.deaths += 1
                until("the replica is the master", lambda: _is_master(replica))
                master = replica
            burst(master.client(), portion)
            until("all is in the spool", lambda: _kept([bridge], master), WAIT_SECONDS)  # noqa: B023
        self.finish([bridge])


def _position(bridge: BridgeProcess) -> str | None:
    return bridge.marks().get("stream.position")


def _kept(bridges: list[BridgeProcess], valkey: Valkey) -> bool:
    """Tell whether a bridge that runs has everything in its spool."""
    last = valkey.client().xinfo_stream("events")["last-generated-id"].decode()
    return any(bridge.process is not None and _position(bridge) == last for bridge in bridges)


def _is_master(valkey: Valkey) -> bool:
    return bool(valkey.client().role()[0] == b"master")


FAULTS: tuple[type[Fault], ...] = (BridgeKilled, LeadingBridgeKilled, BridgeResponsesLost, ValkeyFailsOver)
