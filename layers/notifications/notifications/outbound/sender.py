"""Webhooks and email over libcurl's multi interface: hundreds in flight in one thread.

Each exchange has one time limit, which includes the look-up of its host.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from time import monotonic, sleep

import pycurl

from notifications import ca_bundle
from notifications.core.delivery import Failure, Outcome, Request
from notifications.core.errors import InvalidRequest, RefusedAddress
from notifications.core.targets import DEFAULT_POLICY, TargetPolicy
from notifications.core.values import mutable
from notifications.outbound.exchange import Handle
from notifications.outbound.resolver import (
    LookUp,
    Lookup,
    LookUpFailed,
    OwnFault,
    Resolver,
    look_up,
    wait_for,
)
from notifications.outbound.waiting import IDLE_SECONDS, IdleTimer, Later, Waiting

MAX_IN_FLIGHT = 256
MAX_KEPT_CONNECTIONS = 256
"""How many connections are kept open for later requests. Together with those in flight, the look-ups and the
calls to AWS they stay well below the 1,024 descriptors that a Lambda function has. Without a bound libcurl
would keep a connection to every receiver it ever met.
"""

LOOK_UP_SECONDS = 0.005
"""How soon the end of a look-up is noticed while other exchanges are in flight."""


@mutable
class _InFlight:
    """A request and the handle that sends it once ``lookup`` has found its route. ``since``: monotonic."""

    position: int
    request: Request
    handle: Handle
    lookup: Lookup
    timeout: float
    since: float

    def is_due(self) -> bool:
        return self.lookup.done() or monotonic() - self.since > self.timeout


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
        self._policy = policy
        self._ca_file = ca_file or ca_bundle.ca_file()
        # Made when they are needed: all of them take 3 ms, 2 % of the dispatcher's start.
        self._idle: list[Handle] = []
        self._unmade = max_in_flight
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
        looking: dict[Handle, _InFlight] = {}
        in_flight: dict[pycurl.Curl, _InFlight] = {}
        ended: list[tuple[int, Outcome]] = []
        try:
            while True:
                # Fill every free handle before anything else, because a handle that waits is a receiver that
                # gets its message later.
                while (self._idle or self._unmade) and (numbered := waiting.next()):
                    self._look(looking, *numbered, time_limit)
                for one in [one for one in looking.values() if one.is_due()]:
                    del looking[one.handle]
                    if (failure := self._begin(one)) is not None:
                        yield one.position, failure
                    else:
                        in_flight[one.handle.curl] = one
                if in_flight:
                    self._multi.perform()
                # Yield only now, when the next requests have been started: they travel while the caller
                # works on these outcomes.
                yield from ended
                ended = self._ended(in_flight)
                if ended:
                    idle_timer.since = monotonic()
                elif in_flight or looking or waiting.until:
                    free = self._idle or self._unmade
                    self._wait(in_flight, looking, waiting.seconds() if free else math.inf)
                    idle_timer.look()
                elif numbered := waiting.next():
                    self._look(looking, *numbered, time_limit)
                else:
                    return
        finally:
            # The caller may abandon this generator. The handles must come back in any case, because they are
            # made once and the sender would be left without them.
            for one in in_flight.values():
                self._release(one.handle)
            self._idle += looking

    def _look(
        self, looking: dict[Handle, _InFlight], position: int, request: Request, time_limit: float
    ) -> None:
        lookup = self._resolver.look_up_route(request)
        handle = self._idle.pop() if self._idle else self._make()
        timeout = min(request.timeout, time_limit)
        looking[handle] = _InFlight(position, request, handle, lookup, timeout, monotonic())

    def _make(self) -> Handle:
        handle = Handle(self._policy, self._ca_file)
        self._unmade -= 1
        return handle

    def _begin(self, one: _InFlight) -> Failure | None:
        """Start an exchange; return why it cannot start, None if it does.

        Nothing is raised for one request, because the others are in flight and would be lost with it.
        """
        spent = monotonic() - one.since
        try:
            route = one.lookup.route()
            one.handle.prepare(one.request, route, one.timeout, spent)
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
            return None
        # Some options may be set already; the next request on this handle must not inherit them.
        one.handle.clear()
        self._idle.append(one.handle)
        return failure

    def _wait(self, in_flight: Collection[object], looking: dict[Handle, _InFlight], most: float) -> None:
        """Wait for something to happen, ``most`` seconds at most."""
        if in_flight:
            # libcurl tells when it has work of its own, such as a timeout; a negative number means never.
            wanted = self._multi.timeout() / 1000
            # Look-ups end in threads, which do not wake select(), so it must not sleep long while any runs.
            longest = min(LOOK_UP_SECONDS if looking else IDLE_SECONDS, most)
            self._multi.select(min(longest, wanted) if wanted >= 0 else longest)
        elif looking:
            wait_for((one.lookup for one in looking.values()), min(LOOK_UP_SECONDS, most))
        else:
            sleep(min(IDLE_SECONDS, most))

    def _ended(self, in_flight: dict[pycurl.Curl, _InFlight]) -> list[tuple[int, Outcome]]:
        """Take the exchanges that have ended out of ``in_flight``, and free their handles."""
        _, good, bad = self._multi.info_read()
        outcomes: list[tuple[int, Outcome]] = []
        for curl, code, message in [*((curl, 0, "") for curl in good), *bad]:
            one = in_flight.pop(curl)
            # The outcome first: releasing a handle may clear the options and results that it is read from.
            outcomes.append((one.position, one.handle.outcome(code, message)))
            self._release(one.handle)
        return outcomes

    def _release(self, handle: Handle) -> None:
        self._multi.remove_handle(handle.curl)
        handle.end()
        self._idle.append(handle)
