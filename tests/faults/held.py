"""What waits and is forgotten by the queues, and what is held for a receiver that is not well."""

from collections.abc import Sequence
from functools import partial

from local.waiting import until
from tests.faults.fault import DELIVERED, End, Evidence, Fault, NotProvokedError, Route, at_least
from tests.faults.fixtures import event_type

FAILURES = 100
"""So many in a row suspend a channel."""

SUSPENDED_SECONDS = 120
"""Nothing is suspended in the first minute after a failure, and first tries do not count."""

IN_FRONT = 40
"""So many are held in front of the others, for a rule that is gone when the receiver is well."""

WAIT_SECONDS = 40
"""So long retries wait that are to be purged; by then all first attempts must be over."""


class Forgotten(Fault):
    """The messages of all retries are gone: only the records know of them."""

    name = "queues purged while retries wait"
    waiting = 0

    def prepare(self) -> None:
        """Make a receiver that fails at first."""
        self.route("fail-first", retry=[WAIT_SECONDS])

    def provoke(self) -> None:
        """Put events, and purge the queues after the first attempts; before, what others left there."""
        self._purge()
        made = self.put(self.routes, self.count(50, 5))
        self.await_requests(len(made), "first attempts")
        until(f"{self.name}: retries wait", lambda: self.stack.waiting_deliveries() >= len(made))
        self.waiting = self.stack.waiting_deliveries()
        self._purge()
        if self.stack.waiting_deliveries():
            raise NotProvokedError("the queues are not empty after the purge")

    def _purge(self) -> None:
        for queue in self.stack.delivery_queues:
            self.stack.sqs.purge_queue(QueueUrl=queue)

    def proof(self, evidence: Evidence) -> str:
        """Tell how many messages were purged."""
        del evidence
        return f"{at_least(len(self.events), self.waiting, 'messages purged')} messages purged"


class Busy(Fault):
    """A receiver has no time for a burst's first attempts, and takes the second ones."""

    name = "receiver refuses a burst at first"
    suspended = False

    def prepare(self) -> None:
        """Make a receiver that takes what comes for the second time."""
        self.route("fail-first", retry=[5])

    def provoke(self) -> None:
        """Put more events than failures suspend a channel, and see whether they do."""
        made = self.put(self.routes, self.count(FAILURES + 20, 20))

        def done() -> bool:
            health = self.stack.records.channel_health(self.routes[0].channel_id)
            self.suspended |= "suspended_at" in health
            return self.receivers.count([self.routes[0].path]) >= 2 * len(made)

        until(f"{self.name}: second attempts", done)

    def proof(self, evidence: Evidence) -> str:
        """Tell how many first attempts failed."""
        if self.suspended:
            raise NotProvokedError("the channel was suspended, and the receiver only was busy")
        return f"{at_least(len(self.events), self.provoked(evidence), 'failures')} first attempts"


class Suspended(Fault):
    """A receiver fails until its channel is suspended; later it is well, and all goes out.

    In front is held what may not be sent any more: its rule is deleted.
    """

    name = "channel suspended, then well again"
    held = 0

    def prepare(self) -> None:
        """Make a receiver that fails until it is told to be well, and a second rule for it."""
        to = self.route("until-recovered", retry=[10, 10, 30, 30])
        kind = event_type(self.stack, f"{self.slug}.doomed")
        doomed = self.stack.rule(kind, to.channel_id)
        self.routes.append(Route(kind, doomed, to.channel_id, to.path))

    def provoke(self) -> None:
        """Put events until the channel is suspended, then more, which are held; make the receiver well."""
        stays, goes = self.routes[:1], self.routes[1:]
        self.put(stays, FAILURES + 10)
        channel_id = self.routes[0].channel_id
        until(
            f"{self.name}: the channel is suspended",
            lambda: "suspended_at" in self.stack.records.channel_health(channel_id),
            SUSPENDED_SECONDS,
        )
        for routes, count, end in ((goes, IN_FRONT, End("skipped", "rule_deleted")), (stays, 30, DELIVERED)):
            later = [f"{event_id}_{routes[0].rule_id}" for event_id in self.put(routes, count, end)]
            until(
                f"{self.name}: later events are held",
                partial(self._all_held, later),
            )
            self.held += len(later)
        self.stack.do("DELETE", f"/notifications/rules/{goes[0].rule_id}?custom=true")
        self.receivers.recover()

    def _all_held(self, delivery_ids: Sequence[str]) -> bool:
        return all(map(self._is_held, delivery_ids))

    def _is_held(self, delivery_id: str) -> bool:
        found = self.stack.records.of(delivery_id[:-37]).deliveries.get(delivery_id)
        return found is not None and found["status"] == "held"

    def proof(self, evidence: Evidence) -> str:
        """Tell how many were held."""
        at_least(FAILURES, self.provoked(evidence), "failures")
        health = self.stack.records.channel_health(self.routes[0].channel_id)
        if health:
            raise NotProvokedError(f"the channel is not well in the end: {health}")
        return f"{self.held} held"
