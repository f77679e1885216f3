"""An event over which every dispatcher dies, put into one batch with nine good ones."""

from uuid import uuid4

from tests.faults.fault import End, Evidence, Fault, NotProvokedError, at_least
from tests.faults.messages import document

GOOD = 9
LATEST_SECONDS = 200
"""How late a good event of the batch may be: at its third receipt, which are 90 s apart."""

CLAIMS = 3
"""How many dispatchers may die over a claimed event; then it is buried."""

BURIED = End("dead_letter", "dispatching it ended without a result")


class _Poison(Fault):
    """The poison's receiver ends whoever sends it the message."""

    responder = ""

    def prepare(self) -> None:
        """Make a receiver of good events, and one of poison."""
        self.poison_id = str(uuid4())
        self.good = self.route("accept")
        self.poison = self.route(self.responder)

    def provoke(self) -> None:
        """Put a batch on the queue at once, the poison somewhere among the good ones."""
        good = [str(uuid4()) for _ in range(GOOD)]
        bodies = [document(self.good.event_type, event_id=event_id) for event_id in good]
        bodies.insert(GOOD // 2, document(self.poison.event_type, event_id=self.poison_id))
        self.stack.enqueue(bodies, [*good, self.poison_id])
        for event_id in good:
            self.expect(event_id, [self.good])
        if not self.fixtures.short:  # to be buried it must be received four times, 90 s apart
            self.events[self.poison_id] = BURIED

    def proof(self, evidence: Evidence) -> str:
        """Tell how many processes the poison ended, and how late the last of the good ones was."""
        late = [
            request.at - self.stack.put_at[delivery_id[:-37]]
            for delivery_id in self.expected
            for request in evidence.received.get(delivery_id, ())[:1]
        ]
        if max(late, default=0.0) > LATEST_SECONDS:
            raise NotProvokedError(f"a good event was delivered after {max(late):.0f} s")
        ended = at_least(2, evidence.provoked[self.poison.path], "processes ended by the poison")
        return f"{ended} processes ended, the good ones after at most {max(late, default=0.0):.0f} s"


class Killed(_Poison):
    """Lambda kills a process that needs more memory than it may have."""

    name = "an event over which dispatchers are killed"
    responder = "end-killed"


class Aborted(_Poison):
    """Native code aborts the process."""

    name = "an event over which dispatchers abort"
    responder = "end-aborted"


class TimedOut(_Poison):
    """The process goes on for longer than Lambda lets it."""

    name = "an event over which dispatchers time out"
    responder = "end-stopped"


class Unplannable(_Poison):
    """The process dies while it plans its batch, before anything is claimed; then over the claimed event."""

    name = "an event over which dispatchers die before they send"
    responder = "accept"

    def provoke(self) -> None:
        """Have the proxy kill whoever claims the poison: the first time before that is done, later after.

        It may not go on for ever: who buries the poison makes the same calls, and must survive them.
        """
        of_poison = {"operation": "BatchExecuteStatement", "containing": self.poison.event_type}
        again = {"operation": ".UpdateItem", "containing": f"EVENT#{self.poison_id}"}
        self.proxy.keep_making(
            [
                {"name": self.slug, "act": "kill-before", "limit": 1, **of_poison},
                {"name": f"{self.slug}.alone", "act": "kill-after", "limit": 1, **of_poison},
                {"name": f"{self.slug}.again", "act": "kill-after", "limit": CLAIMS - 1, **again},
            ]
        )
        super().provoke()

    def proof(self, evidence: Evidence) -> str:
        """Tell how late the last of the good ones was."""
        evidence.provoked[self.poison.path] = sum(
            evidence.made[name] for name in (self.slug, f"{self.slug}.alone", f"{self.slug}.again")
        )
        return super().proof(evidence)
