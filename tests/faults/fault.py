"""What all faults have in common: they make events, say what must become of them, and prove themselves."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from local.waiting import until
from tests.faults.fixtures import Fixtures, event_type
from tests.proxy.proxy import Proxy
from tests.stack.exchanges import ReceivedRequest
from tests.stack.receivers import Receivers
from tests.stack.records import Item, Recorded
from tests.stack.under_test import StackUnderTest


@dataclass(frozen=True, slots=True)
class End:
    """How a delivery, or an event that makes none, must end. ``reason``: what its reason must contain."""

    status: str
    reason: str = ""

    def fits(self, item: Item) -> bool:
        """Tell whether a record says so."""
        return item["status"] == self.status and self.reason in (item.get("reason") or "")

    def __str__(self) -> str:
        """Say it as messages need it."""
        return f"{self.status} ({self.reason})" if self.reason else self.status


DELIVERED = End("delivered")


@dataclass
class Evidence:
    """What there is in the end: records by event, requests by webhook-id, and what was provoked."""

    records: Mapping[str, Recorded]
    received: Mapping[str, Sequence[ReceivedRequest]]
    provoked: Counter[str]
    peak_memory: Counter[str]
    made: Counter[str]

    def delivery(self, delivery_id: str) -> Item | None:
        """Return a delivery's record."""
        return self.records[delivery_id[:-37]].deliveries.get(delivery_id)


class NotProvokedError(Exception):
    """A fault that was not really made, or an end that is not as it must be."""


@dataclass(frozen=True, slots=True)
class Route:
    """An event type, a rule on it, the rule's channel, and the receiver's path."""

    event_type: str
    rule_id: str
    channel_id: str
    path: str


@dataclass
class Fault(ABC):
    """One kind of fault. ``events``: what must become of those that may make no delivery."""

    name: ClassVar[str]
    fixtures: Fixtures
    events: dict[str, End | None] = field(default_factory=dict)
    expected: dict[str, End] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)

    @abstractmethod
    def prepare(self) -> None:
        """Make the channels and rules."""

    @abstractmethod
    def provoke(self) -> None:
        """Put the events and make the fault."""

    @abstractmethod
    def proof(self, evidence: Evidence) -> str:
        """Tell in a few words that the fault was made.

        Raises:
            NotProvokedError: it was not.
        """

    @property
    def stack(self) -> StackUnderTest:
        """The stack that the fault is made on."""
        return self.fixtures.stack

    @property
    def receivers(self) -> Receivers:
        """The receivers of its webhooks."""
        return self.fixtures.receivers

    @property
    def proxy(self) -> Proxy:
        """What is between the functions and AWS's APIs."""
        return self.fixtures.proxy

    @property
    def slug(self) -> str:
        """The fault's name as names of types and paths have it."""
        return type(self).__name__.lower()

    def count(self, full: int, short: int) -> int:
        """Choose how many events to put."""
        return short if self.fixtures.short else full

    def route(
        self,
        responder: str,
        *,
        on: str | None = None,
        retry: object = "none",
        template: str = "{{ n }}",
        **spec: object,
    ) -> Route:
        """Make a channel to a receiver that responds so, and a rule ``on`` an event type, maybe a new one."""
        kind = on or event_type(self.stack, f"{self.slug}.{len(self.routes)}")
        path = f"/{responder}/{kind}.{len(self.routes)}"
        channel_id = self.stack.webhook(self.receivers.url + path, retry, **spec)
        rule_id = self.stack.rule(kind, channel_id, template)
        self.routes.append(Route(kind, rule_id, channel_id, path))
        return self.routes[-1]

    def put(self, routes: Iterable[Route], count: int, end: End = DELIVERED, **fields: Any) -> list[str]:
        """Put events of the routes' one type, and expect of each rule's deliveries that they end so."""
        of_type = list(routes)
        data: list[Mapping[str, Any]] = [{"n": number, **fields} for number in range(count)]
        made = self.stack.put(of_type[0].event_type, data)
        for event_id in made:
            self.expect(event_id, of_type, end)
        return made

    def expect(self, event_id: str, routes: Iterable[Route], end: End = DELIVERED) -> None:
        """Expect that an event is dispatched, and how its deliveries end."""
        self.events[event_id] = None
        self.expected |= {f"{event_id}_{route.rule_id}": end for route in routes}

    def await_requests(self, count: int, what: str, seconds: float = 60.0) -> None:
        """Wait until so many requests came to this fault's receivers."""
        paths = [route.path for route in self.routes]
        until(f"{self.name}: {count} {what}", lambda: self.receivers.count(paths) >= count, seconds)

    def provoked(self, evidence: Evidence) -> int:
        """Count what this fault's receivers did.

        Raises:
            NotProvokedError: nothing.
        """
        return at_least(1, sum(evidence.provoked[route.path] for route in self.routes), "faults were made")


def at_least(wanted: int, count: int, what: str) -> int:
    """Return a count that proves something.

    Raises:
        NotProvokedError: it is too low for that.
    """
    if count < wanted:
        raise NotProvokedError(f"{count} {what}, expected {wanted} or more")
    return count
