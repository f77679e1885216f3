"""Receivers that do what receivers must not do."""

from itertools import pairwise
from typing import Any

from local.waiting import until
from tests.faults.fault import DELIVERED, End, Evidence, Fault, NotProvokedError
from tests.stack.responders import ASKED_SECONDS

MAX_MEMORY = 400 * 1024**2
"""What a function may have had at most that was sent 10 GB; idle it has some 100 MB."""


class Misbehaving(Fault):
    """A receiver behaves in one way; ``end`` is what must become of its deliveries."""

    responder = ""
    retry: tuple[int, ...] = (1, 1)
    end = DELIVERED
    attempts: tuple[int, int] | None = None
    """How many attempts the record must tell of, at least and at most."""
    timeout = 3.0

    def prepare(self) -> None:
        """Make the receiver."""
        self.route(self.responder, retry=list(self.retry), timeout=self.timeout)

    def provoke(self) -> None:
        """Put the events."""
        self.put(self.routes, self.count(20, 3), self.end)

    def proof(self, evidence: Evidence) -> str:
        """Tell how often it misbehaved; look whether it was tried as often as it should be."""
        if self.attempts is not None:
            low, high = self.attempts
            for delivery_id in self.expected:
                count = int((evidence.delivery(delivery_id) or {}).get("attempt_count", 0))
                if not low <= count <= high:
                    raise NotProvokedError(f"{delivery_id} has {count} attempts, not {low} to {high}")
        return f"{self.provoked(evidence)} times"


class Resets(Misbehaving):
    """Each connection is reset."""

    name = "receiver resets every connection"
    responder = "reset"
    end = End("failed")
    attempts = (3, 3)


class ResetsTwice(Misbehaving):
    """The first two connections of each message are reset."""

    name = "receiver resets twice, then answers"
    responder = "reset-twice"
    attempts = (1, 3)  # libcurl itself tries again when a kept connection turns out to be dead


class Hangs(Misbehaving):
    """No response ever comes."""

    name = "receiver hangs"
    responder = "hang"
    retry = (1,)
    end = End("failed")
    attempts = (2, 3)  # one more if the fast lane lost patience first


class ByteByByte(Misbehaving):
    """The body comes a byte at a time, without end: the status has told already that it is taken."""

    name = "receiver answers byte by byte"
    responder = "byte-by-byte"


class Endless(Misbehaving):
    """The response has 10 GB."""

    name = "receiver answers with 10 GB"
    responder = "endless"

    def proof(self, evidence: Evidence) -> str:
        """Tell how much memory the functions had at most."""
        told = super().proof(evidence)
        peak = max(evidence.peak_memory[route.path] for route in self.routes)
        if not 0 < peak < MAX_MEMORY:
            raise NotProvokedError(f"a function had {peak / 1024**2:.0f} MB of memory")
        return f"{told}, memory at most {peak / 1024**2:.0f} MB"


class Garbage(Misbehaving):
    """The answer is no HTTP."""

    name = "receiver answers garbage"
    responder = "garbage"
    end = End("failed")
    attempts = (3, 3)


class EndlessHeaders(Misbehaving):
    """The headers of the response have no end."""

    name = "receiver answers endless headers"
    responder = "endless-headers"
    end = End("failed")
    attempts = (3, 3)


class Flaps(Misbehaving):
    """It answers 500 and 200 by turns."""

    name = "receiver flaps between 500 and 200"
    responder = "flap"
    retry = (1,) * 15


class Redirects(Misbehaving):
    """It answers with a redirect, which is not followed."""

    name = "receiver redirects"
    responder = "status-302"
    end = End("failed", "status 302")
    attempts = (1, 1)


class NotFound(Misbehaving):
    """It answers 404, which is not tried again."""

    name = "receiver answers 404"
    responder = "status-404"
    end = End("failed", "status 404")
    attempts = (1, 1)


class Gone(Misbehaving):
    """It answers 410: the channel is disabled, and what comes later is skipped."""

    name = "receiver answers 410, later events are skipped"
    responder = "status-410"
    end = End("failed", "status 410")

    def provoke(self) -> None:
        """Put one event, wait until the channel is disabled, put more."""
        self.put(self.routes, 1, self.end)
        channel = f"/notifications/channels/{self.routes[0].channel_id}"
        until(
            f"{self.name}: the channel is disabled",
            lambda: not self.stack.do("GET", channel)["channel"]["enabled"],
        )
        self.put(self.routes, self.count(20, 3), End("skipped", "channel_disabled"))


class RetryAfter(Misbehaving):
    """It answers 429 and says when to come again: in seconds, or by a date."""

    name = "receiver answers 429 with Retry-After"
    retry = (1,)
    attempts = (2, 2)

    def prepare(self) -> None:
        """Make one receiver for each form."""
        first = self.route("retry-after-seconds", retry=[1])
        self.route("retry-after-date", on=first.event_type, retry=[1])

    def proof(self, evidence: Evidence) -> str:
        """See that no second attempt came earlier than asked."""
        for delivery_id in self.expected:
            came: list[Any] = [request.at for request in evidence.received.get(delivery_id, ())]
            if any(later - earlier < ASKED_SECONDS - 0.5 for earlier, later in pairwise(came)):
                raise NotProvokedError(f"{delivery_id} was sent again before the time that was asked for")
        return super().proof(evidence)
