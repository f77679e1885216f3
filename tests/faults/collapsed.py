"""Rules with digests, while everything fails at once: DynamoDB, SQS, and whoever collects and closes."""

import json
import time
from collections import Counter

from local.waiting import until
from tests.faults.fault import DELIVERED, End, Evidence, Fault, NotProvokedError, Route, at_least
from tests.faults.fixtures import event_type
from tests.stack import processes

SQS = "AmazonSQS"
BURSTS = 12
OF_A_BURST = 20
MOST = 7
PERIOD = "10s"
KILLS = 2
TOLD_SECONDS = 420.0
"""How long it may take until all events are in digests: those of dead dispatchers come again after 90 s."""

TEMPLATE = "[{% for each in events %}{{ each.n }},{% endfor %}{{ -count }}]"
"""The numbers of a digest's events, and how many there are."""


class Digests(Fault):
    """Dispatchers die before and after they have events join, redeliverers over digests that they close.

    Meanwhile DynamoDB throttles and loses the responses of transactions, and SQS refuses messages.
    """

    name = "digests while all of it fails"

    def prepare(self) -> None:
        """Make a rule that collects events."""
        kind = event_type(self.stack, self.slug)
        path = f"/accept/{kind}"
        channel_id = self.stack.webhook(self.receivers.url + path)
        digest = {"period": PERIOD, "max": MOST}
        rule_id = self.stack.rule(kind, channel_id, TEMPLATE, digest=digest)
        self.routes.append(Route(kind, rule_id, channel_id, path))

    def provoke(self) -> None:
        """Put the events while all of it fails, and see in which digests they are."""
        share = {"share": 0.2, "containing": "DIGEST#"}
        dying = {"containing": "DIGEST#", "limit": KILLS}
        faults = [
            {"act": "throttle", "operation": "TransactWriteItems", **share},
            {"act": "lose", "operation": "TransactWriteItems", **share},
            {"act": "kill-before", "operation": "TransactWriteItems", "share": 0.2, **dying},
            {"act": "kill-after", "operation": "TransactWriteItems", "share": 0.2, **dying},
            {"act": "kill-after", "operation": "DeleteItem", "share": 0.5, **dying},
            {"act": "unavailable", "service": SQS, "operation": "SendMessageBatch", "share": 0.3},
        ]
        self.proxy.make([{"name": f"{self.slug}.{number}", **fault} for number, fault in enumerate(faults)])
        for burst in range(BURSTS):
            first = burst * OF_A_BURST
            data = [{"n": first + number} for number in range(OF_A_BURST)]
            for event_id in self.stack.put(self.routes[0].event_type, data):
                self.expect(event_id, self.routes, End("collected", "in digest-"))
            time.sleep(1)
        self._kill_dispatchers()
        until(f"{self.name}: all events are in digests", self._are_all_collected, TOLD_SECONDS)
        self.proxy.make([])
        for digest_id in self._digests():
            self.expect(digest_id, self.routes, DELIVERED)

    def _kill_dispatchers(self) -> None:
        for pid in processes.workers(self.stack.ministack, "DispatcherFunction"):
            processes.kill(self.stack.ministack, pid)

    def _are_all_collected(self) -> bool:
        return all(digest_id for digest_id in map(self._digest_of, self.events))

    def _digests(self) -> set[str]:
        return {digest_id for event_id in [*self.events] if (digest_id := self._digest_of(event_id))}

    def _digest_of(self, event_id: str) -> str | None:
        found = self.stack.records.of(event_id).deliveries.get(f"{event_id}_{self.routes[0].rule_id}")
        return None if found is None else found.get("digest_id")

    def proof(self, evidence: Evidence) -> str:
        """Tell how many digests there are, and that each event is told in exactly one."""
        digests = [event_id for event_id in self.events if event_id.startswith("digest-")]
        told: Counter[int] = Counter()
        for digest_id in digests:
            *numbers, count = self._message(digest_id)
            if len(numbers) != -count or len(numbers) > MOST:
                raise NotProvokedError(f"{digest_id} tells {numbers} of {-count} events")
            told.update(numbers)
        wanted = dict.fromkeys(range(BURSTS * OF_A_BURST), 1)
        if told != wanted:
            raise NotProvokedError(
                f"not in exactly one digest: {told - Counter(wanted)}, {wanted.keys() - told}"
            )
        met = sum(at_least(1, evidence.made[f"{self.slug}.{number}"], "faults") for number in range(6))
        return f"{len(digests)} digests, {met} requests met a fault"

    def _message(self, digest_id: str) -> list[int]:
        path = f"/notifications/deliveries/{digest_id}_{self.routes[0].rule_id}"
        message: list[int] = json.loads(self.stack.do("GET", path)["delivery"]["message"])
        return message
