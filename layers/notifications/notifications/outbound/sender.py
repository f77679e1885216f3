"""Webhooks and email over libcurl's multi interface: hundreds in flight in one thread.

Each exchange is bounded in total time, the look-up of its host with it.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from time import monotonic

import pycurl

from notifications import ca_bundle
from notifications.core.delivery import Failure, Outcome, Request
from notifications.core.errors import InvalidRequest, RefusedAddress
from notifications.core.targets import DEFAULT_POLICY, TargetPolicy
from notifications.outbound.exchange import Exchange, Handle
from notifications.outbound.resolver import (
    LookUp,
    Lookup,
    LookUpFailed,
    OwnFault,
    Resolver,
    look_up,
    wait_for,
)

MAX_IN_FLIGHT = 256
MAX_KEPT_CONNECTIONS = 256
"""Connections that are kept for what comes next. With those in flight, look-ups and calls of AWS they stay
well below the 1,024 descriptors that a Lambda has; without a bound libcurl keeps one for each receiver it
ever met.
"""

IDLE_SECONDS = 0.5
LOOK_UP_SECONDS = 0.005
"""How soon the end of a look-up is noticed while other exchanges are under way."""


@dataclass(slots=True)
class _InFlight:
    """A request with the handle that it goes over, once ``lookup`` has found its route."""

    position: int
    request: Request
    handle: Handle
    lookup: Lookup
    timeout: float
    since: float

    def is_due(self) -> bool:
        return self.lookup.done() or monotonic() - self.since > self.timeout


@dataclass(slots=True)
class _IdleTimer:
    """Since when no exchange has ended, and what is done when that is long."""

    idle: Callable[[], None]
    since: float

    def look(self) -> None:
        if monotonic() - self.since >= IDLE_SECONDS:
            self.idle()
            self.since = monotonic()


class Sender:
    """Send webhooks and email; connections are kept between calls.

    ``policy`` says what may be connected to. ``ca_file`` holds the authorities whose certificates are
    trusted, as PEM. ``look_up`` gives the addresses of a host; it is called in threads.
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
        self._idle = [Handle(policy, ca_file or ca_bundle.ca_file()) for _ in range(max_in_flight)]
        self._resolver = Resolver(policy, look_up, max_in_flight)

    def send(self, request: Request) -> Outcome:
        """Send one request and wait for its outcome."""
        return next(outcome for _, outcome in self.send_all([request]))

    def send_all(
        self,
        requests: Iterable[Request],
        idle: Callable[[], None] = lambda: None,
        patience: float = math.inf,
    ) -> Iterator[tuple[int, Outcome]]:
        """Send all at once, as many at a time as ``max_in_flight``.

        Yields (position in ``requests``, outcome) in the order in which they end. ``idle`` is called when
        none has ended for ``IDLE_SECONDS``: then there is time for other work. ``patience``: the seconds
        that each has at most, whatever its own timeout is.
        """
        waiting = enumerate(requests)
        idle_timer = _IdleTimer(idle, monotonic())
        looking: dict[Handle, _InFlight] = {}
        in_flight: dict[pycurl.Curl, tuple[_InFlight, Exchange]] = {}
        ended: list[tuple[int, Outcome]] = []
        try:
            while True:
                while self._idle and (numbered := next(waiting, None)):
                    self._look(looking, *numbered, patience)
                for one in [one for one in looking.values() if one.is_due()]:
                    del looking[one.handle]
                    exchange = self._begin(one)
                    if isinstance(exchange, Failure):
                        yield one.position, exchange
                    else:
                        in_flight[one.handle.curl] = (one, exchange)
                if in_flight:
                    self._multi.perform()
                yield from ended  # only now: what comes next is on its way while the caller works
                ended = self._ended(in_flight)
                if ended:
                    idle_timer.since = monotonic()
                elif in_flight or looking:
                    self._wait(in_flight, looking)
                    idle_timer.look()
                elif numbered := next(waiting, None):
                    self._look(looking, *numbered, patience)
                else:
                    return
        finally:  # the caller may stop early
            for one, exchange in in_flight.values():
                self._release(one.handle, exchange)
            self._idle += looking

    def _look(
        self, looking: dict[Handle, _InFlight], position: int, request: Request, patience: float
    ) -> None:
        lookup = self._resolver.look_up_route(request)
        handle = self._idle.pop()
        timeout = min(request.timeout, patience)
        looking[handle] = _InFlight(position, request, handle, lookup, timeout, monotonic())

    def _begin(self, one: _InFlight) -> Exchange | Failure:
        """Send a request, or tell why it cannot be sent, which must not keep the others from theirs."""
        spent = monotonic() - one.since
        try:
            route = one.lookup.route()
            exchange = Exchange(one.handle, one.request, route, one.timeout, spent)
        except RefusedAddress as error:
            failure = Failure("refused_address", error.message, spent)
        except OwnFault as error:
            failure = Failure("own", error.message, spent)
        except LookUpFailed as error:
            failure = Failure("dns", error.message, spent)
        except TimeoutError:
            failure = Failure("timeout", "The host was not looked up in time", spent)
        except (pycurl.error, ValueError, InvalidRequest) as error:
            failure = Failure("invalid", f"The request cannot be made: {error}", spent)
        else:
            self._multi.add_handle(one.handle.curl)
            return exchange
        one.handle.clear()
        self._idle.append(one.handle)
        return failure

    def _wait(self, in_flight: Collection[object], looking: dict[Handle, _InFlight]) -> None:
        if in_flight:
            # When libcurl has something to do by itself: below 0 for never.
            wanted = self._multi.timeout() / 1000
            longest = LOOK_UP_SECONDS if looking else IDLE_SECONDS
            self._multi.select(min(longest, wanted) if wanted >= 0 else longest)
        else:
            wait_for((one.lookup for one in looking.values()), LOOK_UP_SECONDS)

    def _ended(self, in_flight: dict[pycurl.Curl, tuple[_InFlight, Exchange]]) -> list[tuple[int, Outcome]]:
        """Take what has ended out of ``in_flight``; its lines are free."""
        _, good, bad = self._multi.info_read()
        outcomes: list[tuple[int, Outcome]] = []
        for curl, code, message in [*((curl, 0, "") for curl in good), *bad]:
            one, exchange = in_flight.pop(curl)
            outcomes.append((one.position, exchange.outcome(code, message)))
            self._release(one.handle, exchange)
        return outcomes

    def _release(self, handle: Handle, exchange: Exchange) -> None:
        self._multi.remove_handle(handle.curl)
        exchange.end()
        self._idle.append(handle)
