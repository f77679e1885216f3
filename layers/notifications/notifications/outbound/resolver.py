"""Where a request goes: its target and the addresses of its host, all vetted.

A name is looked up once, in a thread, and libcurl gets exactly the addresses that were vetted. If libcurl
looked the name up again, a hostile name server could answer with an internal address the second time.
"""

import errno
import socket
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache, lru_cache
from time import monotonic
from typing import assert_never

from notifications.core import addresses
from notifications.core.cache import Cache
from notifications.core.delivery import EmailRequest, Request, WebhookRequest
from notifications.core.errors import InvalidRequest, NotificationError
from notifications.core.targets import Target, TargetPolicy, check_mail_server, check_url
from notifications.core.values import value

KEPT_SECONDS = 60.0
"""How long the vetted addresses of a host are used without another look-up."""

MAX_HOSTS_KEPT = 1_024
MAX_TARGETS_KEPT = 4_096
MAX_ADDRESSES = 64
"""How many addresses of a host libcurl may try. All of them are vetted."""

EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EAGAIN})
"""Errors that say that this process or machine has run out of something."""

LookUp = Callable[[str], Sequence[str]]
"""Returns the addresses of a host. Raises OSError if there are none."""


class LookUpFailed(NotificationError):
    """The host has no address, or its name servers do not answer."""


@value
class Route:
    """A target, and the addresses of its host in libcurl's form; empty if the host is an address."""

    target: Target
    addresses: str


class OwnFault(NotificationError):
    """This process has no descriptor or thread left; that says nothing about the host."""


@cache
def has_ipv6() -> bool:
    """Return whether this machine can connect over IPv6; a Lambda outside a VPC cannot."""
    try:
        socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close()
    except OSError as error:
        return error.errno in EXHAUSTED  # a lack of descriptors says nothing about IPv6
    return True


def look_up(host: str) -> list[str]:
    """Ask the system for the addresses of a host, of the families that this machine can connect to."""
    family = socket.AF_UNSPEC if has_ipv6() else socket.AF_INET
    found = socket.getaddrinfo(host.encode(), None, family, socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Resolver:
    """Find routes. One thread uses it; look-ups run in other threads, at most one for each request."""

    def __init__(self, policy: TargetPolicy, look_up: LookUp, threads: int) -> None:
        self._policy = policy
        self._look_up = look_up
        self._pool = ThreadPoolExecutor(threads, "look-up")
        self._pending: dict[str, tuple[float, Future[Sequence[str]]]] = {}
        self._kept: Cache[str, tuple[float, Sequence[str]]] = Cache(MAX_HOSTS_KEPT)
        self._web_target = lru_cache(MAX_TARGETS_KEPT)(lambda url: check_url(url, policy))

    def look_up_route(self, request: Request) -> "Lookup":
        """Begin to find a route; a host that is known costs no look-up."""
        try:
            match request:
                case EmailRequest():
                    target = check_mail_server(request.host, request.port, self._policy)
                case WebhookRequest():
                    target = self._web_target(request.url)
                case _:
                    assert_never(request)
        except InvalidRequest as error:
            return Lookup(self, None, None, error)
        if target.host.address is not None:
            return Lookup(self, target, None, None)
        kept = self._kept.get(target.host.name)
        if kept and monotonic() < kept[0]:
            return Lookup(self, target, kept[1], None)
        since, pending = self._pending.get(target.host.name, (0.0, None))
        # A look-up that ended long ago was abandoned by the request that waited for it. Its addresses may
        # have changed since, so it is not used.
        if pending is None or (pending.done() and monotonic() - since > KEPT_SECONDS):
            try:
                pending = self._pool.submit(self._look_up, target.host.name)
            except RuntimeError as error:  # no thread can be started
                return Lookup(self, None, None, OwnFault(f"No look-up can be begun: {error}"))
            self._pending[target.host.name] = (monotonic(), pending)
        return Lookup(self, target, pending, None)

    def vetted(self, host: str, future: Future[Sequence[str]]) -> Sequence[str]:
        """Return the addresses that a look-up found, and keep them if all may be connected to.

        Raises:
            TimeoutError: the look-up has not ended.
            LookUpFailed: it found none.
            OwnFault: this process had nothing left to make it with.
            RefusedAddress: any of them must not be connected to.
        """
        if not future.done():
            raise TimeoutError
        # Several requests may share a look-up, and a newer one of the same host may have begun meanwhile.
        if self._pending.get(host, (0.0, None))[1] is future:
            del self._pending[host]
        try:
            answers = list(dict.fromkeys(future.result()))
        except (OSError, UnicodeError) as error:
            if isinstance(error, OSError) and _is_own(error):
                raise OwnFault(f"No look-up can be made: {error}") from None
            reason = error.strerror if isinstance(error, OSError) else None
            raise LookUpFailed(f"The host was not found: {reason or error}") from None
        if not answers:
            raise LookUpFailed("The host has no address")
        # One bad address refuses the host: whoever mixes internal addresses with public ones is probing.
        addresses.vet(host, answers, self._policy.allowed)
        self._kept.put(host, (monotonic() + KEPT_SECONDS, answers))
        return answers


@value
class Lookup:
    """A route that is known, being looked up, or refused. ``answers``: of the name server, or to come."""

    resolver: Resolver
    target: Target | None
    answers: Sequence[str] | Future[Sequence[str]] | None
    refusal: NotificationError | None

    def done(self) -> bool:
        """Return whether ``route`` can return or raise without a wait."""
        return not isinstance(self.answers, Future) or self.answers.done()

    def route(self) -> Route:
        """Return the route.

        Raises:
            RefusedAddress, InvalidRequest: the target must not be connected to.
            LookUpFailed: the host has no address.
            OwnFault: this process has nothing left to look it up with.
            TimeoutError: the look-up has not ended.
        """
        if self.target is None:
            assert self.refusal  # noqa: S101 - one of the two is there
            raise self.refusal
        if self.answers is None:
            return Route(self.target, "")
        host = self.target.host.name
        found = self.resolver.vetted(host, self.answers) if isinstance(self.answers, Future) else self.answers
        listed = ",".join(f"[{address}]" if ":" in address else address for address in found[:MAX_ADDRESSES])
        return Route(self.target, f"{host}:{self.target.port}:{listed}")


def _is_own(error: OSError) -> bool:
    # For EAI_SYSTEM getaddrinfo does not say which error it was, so it counts as our own: a delivery that is
    # retried for nothing is better than a receiver that is blamed for our lack of descriptors.
    return error.errno in EXHAUSTED or error.errno in {socket.EAI_SYSTEM, socket.EAI_MEMORY}


def wait_for(lookups: Iterable[Lookup], seconds: float) -> None:
    """Wait until one of the look-ups has ended, or for so long."""
    wait(
        [lookup.answers for lookup in lookups if isinstance(lookup.answers, Future)],
        seconds,
        FIRST_COMPLETED,
    )
