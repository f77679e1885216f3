"""What all faults have in common: they make events, say what must become of them, and prove themselves."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from local.waiting import until
from tests.stack.records import Item, Recorded
from tests.stack.visits import Reception
from tests.stack.world import Route, World


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
    """What there is in the end: records by event, receptions by webhook-id, and what was provoked."""

    records: Mapping[str, Recorded]
    receptions: Mapping[str, Sequence[Reception]]
    provoked: Counter[str]
    peak_memory: Counter[str]
    made: Counter[str]

    def delivery(self, delivery_id: str) -> Item | None:
        """Return a delivery's record."""
        return self.records[delivery_id[:-37]].deliveries.get(delivery_id)


class NotProvokedError(Exception):
    """A fault that was not really made, or an end that is not as it must be."""


@dataclass
class Fault(ABC):
    """One kind of fault. ``events``: what must become of those that may make no delivery."""

    name: ClassVar[str]
    world: World
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
    def slug(self) -> str:
        """The fault's name as names of types and paths have it."""
        return type(self).__name__.lower()

    def count(self, full: int, short: int) -> int:
        """Choose how many events to put."""
        return short if self.world.short else full

    def route(
        self,
        behaviour: str,
        *,
        event_type: str | None = None,
        retry: object = "none",
        template: str = "{{ n }}",
        **spec: object,
    ) -> Route:
        """Make a way from an event type, a new one if none is given, to a receiver that behaves so."""
        event_type = event_type or self.world.event_type(f"{self.slug}.{len(self.routes)}")
        path = f"/{behaviour}/{event_type}.{len(self.routes)}"
        channel_id = self.world.channel(path, retry, **spec)
        rule_id = self.world.rule(event_type, channel_id, template)
        self.routes.append(Route(event_type, rule_id, channel_id, path))
        return self.routes[-1]

    def put(self, routes: Iterable[Route], count: int, end: End = DELIVERED, **fields: Any) -> list[str]:
        """Put events of the routes' one type, and expect of each rule's deliveries that they end so."""
        of_type = list(routes)
        data: list[Mapping[str, Any]] = [{"n": number, **fields} for number in range(count)]
        made = self.world.put(of_type[0].event_type, data)
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
        until(f"{self.name}: {count} {what}", lambda: self.world.requests(paths) >= count, seconds)

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
