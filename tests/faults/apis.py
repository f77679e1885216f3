"""AWS's APIs throttle, fail, lose their responses and refuse messages: the proxy sees to that."""

import time
from typing import Any

from tests.faults.fault import DELIVERED, Evidence, Fault, at_least

SQS = "AmazonSQS"
MET_SECONDS = 60.0
"""So long events go on coming until each fault was met once."""


class _Phase(Fault):
    """Events go through while the proxy makes faults for a share of all requests."""

    faults: tuple[dict[str, Any], ...] = ()
    responder = "accept"
    retry: tuple[int, ...] = ()

    def prepare(self) -> None:
        """Make two receivers."""
        retry: Any = list(self.retry) or "none"
        first = self.route(self.responder, retry=retry)
        self.route(self.responder, on=first.event_type, retry=retry)

    def provoke(self) -> None:
        """Put the events in the time of the faults."""
        named = [{"name": f"{self.slug}.{number}", **fault} for number, fault in enumerate(self.faults)]
        self.proxy.make(named)
        for _ in range(self.count(8, 2)):
            self.put(self.routes, self.count(25, 10), DELIVERED)
            time.sleep(0.5)
        time.sleep(self.count(8, 2))
        deadline = time.monotonic() + MET_SECONDS
        while not self._all_met() and time.monotonic() < deadline:  # a share of few requests may be none
            self.put(self.routes, 2, DELIVERED)
            time.sleep(0.5)
        self.proxy.make([])

    def _all_met(self) -> bool:
        met = self.proxy.made()
        return all(met[f"{self.slug}.{number}"] for number in range(len(self.faults)))

    def proof(self, evidence: Evidence) -> str:
        """Tell how many requests met each fault."""
        counts = [evidence.made[f"{self.slug}.{number}"] for number in range(len(self.faults))]
        return f"{sum(at_least(1, count, 'requests met the fault') for count in counts)} requests"


class Throttled(_Phase):
    """DynamoDB throttles four requests in ten, so that five tries may not be enough."""

    name = "DynamoDB throttles, and fails"
    faults = ({"act": "throttle", "share": 0.25}, {"act": "error", "share": 0.15})


class Unprocessed(_Phase):
    """DynamoDB leaves batches unwritten."""

    name = "DynamoDB leaves batches unprocessed"
    faults = (
        {"act": "unprocessed", "operation": "BatchWriteItem", "share": 0.6},
        {"act": "unmade", "operation": "BatchExecuteStatement", "share": 0.6},
    )


class LostResponses(_Phase):
    """What DynamoDB has done is not answered: tried again, its condition fails."""

    name = "DynamoDB's responses are lost"
    faults = (
        {"act": "lose", "operation": "Item", "share": 0.15},
        {"act": "lose", "operation": "BatchExecuteStatement", "share": 0.15},
    )


class Conditions(_Phase):
    """A claim is made, and told to have failed: nobody seems to have the event."""

    name = "claims fail that were made"
    faults = (
        {"act": "duplicate", "operation": "BatchExecuteStatement", "share": 0.2},
        {"act": "condition", "operation": ".UpdateItem", "containing": "revision = :seen", "share": 0.2},
    )
    responder = "fail-first"
    retry = (1,)


class QueueRefuses(_Phase):
    """SQS takes no hint: no retry is on any queue, only in the records."""

    name = "SQS refuses, wholly and in part"
    faults = (
        {"act": "unavailable", "service": SQS, "operation": "SendMessageBatch", "share": 0.6},
        {"act": "refuse-entries", "service": SQS, "operation": "SendMessageBatch", "share": 0.6},
    )
    responder = "fail-first"
    retry = (1,)
