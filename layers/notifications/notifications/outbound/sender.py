"""Webhooks and email over libcurl's multi interface: hundreds in flight in one thread.

Each exchange has one time limit, which includes the look-up of its host.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from time import monotonic

import pycurl

from notifications import ca_bundle
from notifications.core.delivery import Outcome, Request
from notifications.core.targets import DEFAULT_POLICY, TargetPolicy
from notifications.outbound.exchange import Handle
from notifications.outbound.resolver import LookUp, Resolver, look_up
from notifications.outbound.sending import Sending
from notifications.outbound.waiting import IdleTimer, Later, Waiting

MAX_IN_FLIGHT = 256
MAX_KEPT_CONNECTIONS = 256
"""How many connections are kept open for later requests. Together with those in flight, the look-ups and the
calls to AWS they stay well below the 1,024 descriptors that a Lambda function has. Without a bound libcurl
would keep a connection to every receiver it ever met.
"""


class Sender:
    """Send webhooks and email, and keep connections between calls.

    ``policy``: which addresses may be connected to. ``ca_file``: the trusted certificate authorities, as PEM.
    ``look_up``: returns the addresses of a host; it is called in threads.
    """

    def __init__(
        self,
        max_in_flight: int = MAX_IN_FLIGHT,
        ca_file: str | None = None,
        policy: TargetPolicy = DEFAULT_POLICY,
        look_up: LookUp = look_up,
    ) -> None:
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, MAX_KEPT_CONNECTIONS)
        ca_file = ca_file or ca_bundle.ca_file()
        self._make = lambda: Handle(policy, ca_file)
        # Made when they are needed: all of them take 3 ms, 2 % of the dispatcher's start.
        self._free: list[Handle | None] = [None] * max_in_flight
        self._resolver = Resolver(policy, look_up, max_in_flight)

    def send(self, request: Request) -> Outcome:
        """Send one request and wait for its outcome."""
        return next(outcome for _, outcome in self.send_all([request]))

    def send_all(
        self,
        requests: Iterable[Request | Later],
        idle: Callable[[], None] = lambda: None,
        time_limit: float = math.inf,
    ) -> Iterator[tuple[int, Outcome]]:
        """Send all requests, up to ``max_in_flight`` at a time.

        Yields (position in ``requests``, outcome) in the order in which the exchanges end. ``requests`` is
        read only as handles become free, so the caller can stop it at any time; it may give ``Later`` in
        place of a request, which delays none of those in flight. ``idle`` is called when no exchange has
        ended for ``IDLE_SECONDS``. ``time_limit``: seconds for each request, besides its own timeout.
        """
        waiting = Waiting(iter(requests))
        idle_timer = IdleTimer(idle, monotonic())
        sending = Sending(
            self._multi, self._free, self._make, self._resolver, waiting, idle_timer, time_limit
        )
        try:
            yield from sending.outcomes()
        finally:
            # The caller may abandon this generator. The handles must come back in any case, because they are
            # made once and the sender would be left without them.
            sending.abandon()
