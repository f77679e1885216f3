"""DynamoDB takes less than comes: at one key, at an index, at a whole table."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.faults.fault import Evidence, Fault, NotProvokedError, at_least

MAX_SENT = 2
"""What could not be recorded may be sent once more."""

PHASE_SECONDS = 300.0
PORTIONS = 14
EVENTS_OF_PORTION = 50

EVENTS_A_SECOND = 40
"""More than twice what the 16 partitions of an index take, each of which is left one unit a second."""

DRAIN_SECONDS = 900.0


class _Busy(Fault):
    """Events go through while DynamoDB refuses. ``refused``: how often it did, by phase."""

    channels = 1

    def prepare(self) -> None:
        """Make the receivers of one event type."""
        self.refused: list[Counter[str]] = []
        first = self.route("accept")
        for _ in range(self.channels - 1):
            self.route("accept", on=first.event_type)

    def _prove(self, evidence: Evidence) -> str:
        often = [
            delivery_id
            for delivery_id in self.expected
            if sum(request.accepted for request in evidence.received.get(delivery_id, ())) > MAX_SENT
        ]
        if often:
            raise NotProvokedError(f"{len(often)} were sent more than {MAX_SENT} times")
        return f"{sum(at_least(1, count.total(), 'refusals') for count in self.refused)} refusals"


class Outage(_Busy):
    """DynamoDB throttles for 15 minutes: an index of deliveries, then half of all keys, then a whole table.

    An event can be claimed and not recorded, or neither, or only now and then.
    """

    name = "DynamoDB throttles for 15 minutes"
    channels = 2

    def provoke(self) -> None:
        """Put events all the time, in each phase a third of them."""
        for choke in self._chokes():
            self.proxy.throttle(chokes=[{"table": self.stack.outputs["DeliveriesTableName"], **choke}])
            end = time.monotonic() + PHASE_SECONDS
            for portion in range(PORTIONS):
                self.put(self.routes, EVENTS_OF_PORTION)
                time.sleep(max(0.0, end - time.monotonic()) / (PORTIONS - portion))
            self.refused.append(self.proxy.throttled())
        self.proxy.throttle()

    def proof(self, evidence: Evidence) -> str:
        """Tell how often DynamoDB refused, and that nothing was sent more than twice."""
        return self._prove(evidence)

    def _chokes(self) -> Sequence[Mapping[str, Any]]:
        """Say what is left: nothing of an index, nothing of half of the events, one unit a second of all."""
        return {"where": "by-channel", "units": 0}, {"keys": "EVENT#[0-7]", "units": 0}, {"units": 1}


class HotKey(_Busy):
    """Events of one type for one channel come faster than the partitions take that they share."""

    name = "more events of a kind than a partition takes"
    seconds = 0.0

    def provoke(self) -> None:
        """Put events, and wait until all have been sent: their partitions take no more all the time."""
        table, channel_id = self.stack.outputs["DeliveriesTableName"], self.routes[0].channel_id
        left = {"table": table, "units": 1}
        self.proxy.throttle(
            chokes=[
                {**left, "where": "by-time", "keys": "EVENT#"},
                {**left, "where": "by-channel", "keys": f"{channel_id}#"},
            ]
        )
        count, started = self.count(600, 120), time.monotonic()
        for portion in range(0, count, EVENTS_A_SECOND):
            time.sleep(max(0.0, started + portion / EVENTS_A_SECOND - time.monotonic()))
            self.put(self.routes, EVENTS_A_SECOND)
        self.await_requests(count, "events of one kind", DRAIN_SECONDS)
        self.seconds = time.monotonic() - started
        self.refused.append(self.proxy.throttled())
        self.proxy.throttle()

    def proof(self, evidence: Evidence) -> str:
        """Tell how often DynamoDB refused, how much went through, and that nothing was sent thrice."""
        return f"{self._prove(evidence)}, {len(self.events) / self.seconds:.0f} events/s"
