"""One call of ``Sender.send_all``: its requests, from their look-ups to their outcomes."""

import math
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pycurl

from notifications.core.delivery import Failure, Outcome, Request
from notifications.core.errors import InvalidRequest, RefusedAddress
from notifications.core.values import mutable
from notifications.outbound.exchange import Handle
from notifications.outbound.resolver import Lookup, LookUpFailed, OwnFault, Resolver, wait_for
from notifications.outbound.waiting import IDLE_SECONDS, IdleTimer, Waiting

LOOK_UP_SECONDS = 0.005
"""How soon the end of a look-up is noticed while other exchanges are in flight."""

Ended = tuple[int, Outcome]
"""The position of a request, and the outcome of its exchange."""


@mutable
class _Exchange:
    """A request and the handle that sends it once ``lookup`` has found its route. ``since``: monotonic."""

    position: int
    request: Request
    handle: Handle
    lookup: Lookup
    timeout: float
    since: float

    def is_due(self) -> bool:
        return self.lookup.done() or monotonic() - self.since > self.timeout


class Sending:
    """The requests of one call. Each waits, has its host looked up, is in flight, and ends.

    ``free``: the sender's handles that are in no exchange; None for each that ``make`` has yet to make.
    ``time_limit``: seconds for each request, besides its own timeout.
    """

    def __init__(
        self,
        multi: pycurl.CurlMulti,
        free: list[Handle | None],
        make: Callable[[], Handle],
        resolver: Resolver,
        waiting: Waiting,
        idle_timer: IdleTimer,
        time_limit: float,
    ) -> None:
        self._multi = multi
        self._free = free
        self._make = make
        self._resolver = resolver
        self._waiting = waiting
        self._idle_timer = idle_timer
        self._time_limit = time_limit
        self._looking: dict[Handle, _Exchange] = {}
        self._in_flight: dict[pycurl.Curl, _Exchange] = {}

    def outcomes(self) -> Iterator[Ended]:
        """Send all requests; yield how they end, in that order."""
        ended: list[Ended] = []
        while True:
            # Fill every free handle before anything else, because a handle that waits is a receiver that gets
            # its message later.
            self._look_up()
            failed = self._begin_due()
            if self._in_flight:
                self._multi.perform()
            # Yield only now, when the next requests have been started: they travel while the caller works on
            # these outcomes.
            yield from ended
            ended = [*failed, *self._take_ended()]
            if ended:
                continue
            if not (self._in_flight or self._looking or self._waiting.until):
                return
            self._wait()
            self._idle_timer.look()

    def abandon(self) -> None:
        """Give back the handles of whatever has not ended."""
        for exchange in self._in_flight.values():
            self._release(exchange.handle)
        # Handles whose look-ups are not over have no options set and are in no exchange.
        self._free += self._looking

    def _look_up(self) -> None:
        """Begin the look-ups of the next requests, one for each free handle."""
        while self._free and (numbered := self._waiting.next()):
            position, request = numbered
            lookup = self._resolver.look_up_route(request)
            handle = self._free.pop() or self._make()
            timeout = min(request.timeout, self._time_limit)
            self._looking[handle] = _Exchange(position, request, handle, lookup, timeout, monotonic())

    def _begin_due(self) -> list[Ended]:
        """Begin the exchanges whose look-ups have ended; return those that cannot begin."""
        failed: list[Ended] = []
        for exchange in [each for each in self._looking.values() if each.is_due()]:
            del self._looking[exchange.handle]
            failure = self._begin(exchange)
            if failure is None:
                self._in_flight[exchange.handle.curl] = exchange
            else:
                failed.append((exchange.position, failure))
        return failed

    def _begin(self, exchange: _Exchange) -> Failure | None:
        """Begin an exchange; return why it cannot begin, None if it does.

        Nothing is raised for one request, because the others are in flight and would be lost with it.
        """
        handle = exchange.handle
        spent = monotonic() - exchange.since
        try:
            handle.prepare(exchange.request, exchange.lookup.route(), exchange.timeout, spent)
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
            self._multi.add_handle(handle.curl)
            return None
        # Some options may be set already; the next request on this handle must not inherit them.
        handle.clear()
        self._free.append(handle)
        return failure

    def _take_ended(self) -> list[Ended]:
        """Return the exchanges that have ended, and free their handles."""
        _, good, bad = self._multi.info_read()
        ended: list[Ended] = []
        for curl, code, message in [*((curl, 0, "") for curl in good), *bad]:
            exchange = self._in_flight.pop(curl)
            # The outcome first: releasing a handle may clear the options and results that it is read from.
            ended.append((exchange.position, exchange.handle.outcome(code, message)))
            self._release(exchange.handle)
        if ended:
            self._idle_timer.since = monotonic()
        return ended

    def _release(self, handle: Handle) -> None:
        self._multi.remove_handle(handle.curl)
        handle.end()
        self._free.append(handle)

    def _wait(self) -> None:
        """Wait for something to happen."""
        # The next request may begin only when there is a handle for it.
        most = self._waiting.seconds() if self._free else math.inf
        if self._in_flight:
            # libcurl tells when it has work of its own, such as a timeout; a negative number means never.
            wanted = self._multi.timeout() / 1000
            # Look-ups end in threads, which do not wake select(), so it must not sleep long while any runs.
            longest = min(LOOK_UP_SECONDS if self._looking else IDLE_SECONDS, most)
            self._multi.select(min(longest, wanted) if wanted >= 0 else longest)
        elif self._looking:
            wait_for((each.lookup for each in self._looking.values()), min(LOOK_UP_SECONDS, most))
        else:
            sleep(min(IDLE_SECONDS, most))
