"""Functions that are killed: before, during and after a request, at random, and over a retry."""

import random
import time

from local.waiting import until
from tests.faults.fault import Evidence, Fault, NotProvokedError, at_least
from tests.stack import processes

RANDOM_KILLS = 6
KILLED_CLAIMS = 3
RECOVERY_SECONDS = 100
"""How soon an event whose dispatcher died must be dispatched again, as docs/deliveries.md promises."""


class _ByReceiver(Fault):
    """The receiver kills who sends to it."""

    responder = ""
    retry: tuple[int, ...] = ()

    def prepare(self) -> None:
        """Make a receiver that kills."""
        self.route(self.responder, retry=list(self.retry) or "none")

    def provoke(self) -> None:
        """Put the events, and wait until the receiver has killed."""
        self.put(self.routes, self.count(60, 10))
        path = self.routes[0].path
        until(f"{self.name}: a process is killed", lambda: self.receivers.provoked()[path] > 0)

    def proof(self, evidence: Evidence) -> str:
        """Tell how many processes were killed, and that their messages came again."""
        again = sum(
            len([1 for request in evidence.received.get(delivery_id, ()) if request.accepted]) > 1
            for delivery_id in self.expected
        )
        at_least(1, again, "messages came again")
        return f"{self.provoked(evidence)} processes killed"


class _DispatcherKilled(_ByReceiver):
    """The receiver kills the dispatcher, whose events are dispatched again when their messages come again."""

    def proof(self, evidence: Evidence) -> str:
        """Tell also how long after its event was put the last message came again."""
        last = max(
            request.at - self.stack.put_at[delivery_id[:-37]]
            for delivery_id in self.expected
            for request in evidence.received.get(delivery_id, ())[-1:]
        )
        if last > RECOVERY_SECONDS:
            raise NotProvokedError(f"a message came again only after {last:.0f} s")
        return f"{super().proof(evidence)}, the last message after {last:.0f} s"


class KilledDuring(_DispatcherKilled):
    """A dispatcher dies while it waits for the response."""

    name = "dispatcher killed during a POST"
    responder = "kill-during"


class KilledAfter(_DispatcherKilled):
    """A dispatcher dies when the response has come and is not recorded."""

    name = "dispatcher killed between response and record"
    responder = "kill-after"


class RetryKilledDuring(_ByReceiver):
    """A redeliverer dies while it waits for the response."""

    name = "redeliverer killed during a retry"
    responder = "kill-retry-during"
    retry = (1, 1)


class RetryKilledAfter(_ByReceiver):
    """A redeliverer dies when the response has come and is not recorded."""

    name = "redeliverer killed between response and record"
    responder = "kill-retry-after"
    retry = (1, 1)


class _ByProxy(Fault):
    """The proxy kills the dispatcher at its claim."""

    act = ""

    def prepare(self) -> None:
        """Make a receiver."""
        self.route("accept")

    def provoke(self) -> None:
        """Put the events while the proxy kills."""
        made = {
            "name": self.slug,
            "act": self.act,
            "operation": "BatchExecuteStatement",
            "containing": self.routes[0].event_type,
            "limit": KILLED_CLAIMS,
        }
        self.proxy.make([made])
        if self.fixtures.short:  # what shared a batch with a killed claim would come again after minutes only
            for number in range(1, KILLED_CLAIMS + 1):
                self._put_until_killed(1, number)
        else:
            self._put_until_killed(60, 1)
        time.sleep(1)
        self.proxy.make([])

    def _put_until_killed(self, events: int, kills: int) -> None:
        self.put(self.routes, events)
        until(
            f"{self.name}: {kills} processes are killed",
            lambda: self.proxy.made()[self.slug] >= kills,
        )

    def proof(self, evidence: Evidence) -> str:
        """Tell how many processes were killed."""
        return f"{at_least(1, evidence.made[self.slug], 'processes killed')} processes killed"


class KilledBeforeClaim(_ByProxy):
    """A dispatcher dies before anything is recorded: only the queue still has the event."""

    name = "dispatcher killed before its claim"
    act = "kill-before"


class KilledBeforePost(_ByProxy):
    """A dispatcher dies with the event claimed and nothing sent."""

    name = "dispatcher killed between claim and POST"
    act = "kill-after"

    def proof(self, evidence: Evidence) -> str:
        """Tell how many events were claimed a second time."""
        claims = sum(
            (evidence.records[event_id].event or {}).get("claims", 0) > 1 for event_id in self.events
        )
        at_least(1, claims, "events were claimed again")
        return super().proof(evidence)


class KilledAtRandom(Fault):
    """All dispatchers die again and again while events come in."""

    name = "all dispatchers killed, at random moments"
    killed = 0

    def prepare(self) -> None:
        """Make two receivers."""
        event_type = self.route("accept").event_type
        self.route("accept", on=event_type)

    def provoke(self) -> None:
        """Put events, and kill every dispatcher some moments later; several times."""
        for _ in range(RANDOM_KILLS):
            self.put(self.routes, self.count(50, 10))
            time.sleep(random.uniform(0, 0.3))  # noqa: S311 - any moment will do
            for pid in processes.workers(self.stack.ministack, "DispatcherFunction"):
                self.killed += processes.kill(self.stack.ministack, pid)
            time.sleep(1.5)

    def proof(self, evidence: Evidence) -> str:
        """Tell how many processes were killed, and that some events came to an end only later."""
        late = [
            delivery_id
            for delivery_id in self.expected
            for request in evidence.received.get(delivery_id, ())[-1:]
            if request.at - self.stack.put_at[delivery_id[:-37]] > 20
        ]
        if not late and not self.fixtures.short:
            raise NotProvokedError("no event was in a dispatcher's hands when it was killed")
        return f"{at_least(1, self.killed, 'processes killed')} processes killed"
