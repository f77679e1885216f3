"""What waits and is forgotten by the queues, and what is held for a receiver that is not well."""

from local.faults.fault import Evidence, Fault, NotProvokedError, at_least

FAILURES = 100
"""So many in a row suspend a channel."""

SUSPENDED_SECONDS = 120
"""Nothing is suspended in the first minute after a failure, and first tries do not count."""

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
        self.world.wait(f"{self.name}: retries wait", lambda: self.world.waiting() >= len(made))
        self.waiting = self.world.waiting()
        self._purge()
        if self.world.waiting():
            raise NotProvokedError("the queues are not empty after the purge")

    def _purge(self) -> None:
        for queue in self.world.delivery_queues:
            self.world.sqs.purge_queue(QueueUrl=queue)

    def proof(self, evidence: Evidence) -> str:
        """Tell how many messages were purged."""
        del evidence
        return f"{at_least(len(self.events), self.waiting, 'messages purged')} messages purged"


class Suspended(Fault):
    """A receiver fails until its channel is suspended; later it is well, and all goes out."""

    name = "channel suspended, then well again"
    held = 0

    def prepare(self) -> None:
        """Make a receiver that fails until it is told to be well."""
        self.route("until-well", retry=[10, 10, 30, 30])

    def provoke(self) -> None:
        """Put events until the channel is suspended, then more, which are held; make the receiver well."""
        self.put(self.routes, FAILURES + 10)
        channel_id = self.routes[0].channel_id
        self.world.wait(
            f"{self.name}: the channel is suspended",
            lambda: "suspended_at" in self.world.records.channel_health(channel_id),
            SUSPENDED_SECONDS,
        )
        later = self.put(self.routes, 30)
        delivery_ids = [f"{event_id}_{self.routes[0].rule_id}" for event_id in later]
        self.world.wait(
            f"{self.name}: later events are held",
            lambda: all(self._is_held(delivery_id) for delivery_id in delivery_ids),
        )
        self.held = len(later)
        self.world.receivers.ask("well", True)

    def _is_held(self, delivery_id: str) -> bool:
        found = self.world.records.of(delivery_id[:-37]).deliveries.get(delivery_id)
        return found is not None and found["status"] == "held"

    def proof(self, evidence: Evidence) -> str:
        """Tell how many were held."""
        at_least(FAILURES, self.provoked(evidence), "failures")
        health = self.world.records.channel_health(self.routes[0].channel_id)
        if health:
            raise NotProvokedError(f"the channel is not well in the end: {health}")
        return f"{self.held} held"
