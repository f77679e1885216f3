"""Events that come twice, late, or are poison."""

import json
from typing import Any
from uuid import uuid4

from tests.faults.fault import DELIVERED, End, Evidence, Fault, NotProvokedError, at_least

LARGE = "x" * 400_000
"""More than an item of DynamoDB has room for."""


def document(event_type: str, *, event_id: str | None = None, time: str = "", **detail: Any) -> str:
    """Write an EventBridge document."""
    return json.dumps(
        {
            "version": "0",
            "id": event_id or str(uuid4()),
            "detail-type": event_type,
            "source": "backend.ai.faults",
            "account": "000000000000",
            "time": time or "2026-01-01T00:00:00Z",
            "region": "us-east-1",
            "resources": [],
            "detail": {"n": 1, **detail},
        }
    )


class Duplicates(Fault):
    """The queue has each event three times."""

    name = "events that come three times"

    def prepare(self) -> None:
        """Make a receiver."""
        self.route("accept")

    def provoke(self) -> None:
        """Put each event on the queue three times: next to each other, and apart."""
        ids = [str(uuid4()) for _ in range(self.count(100, 10))]
        bodies = [document(self.routes[0].event_type, event_id=event_id) for event_id in ids]
        self.stack.enqueue([body for body in bodies for _ in range(2)])
        for event_id in ids:
            self.expect(event_id, self.routes)
        self.await_requests(1, "requests")
        self.stack.enqueue(bodies)

    def proof(self, evidence: Evidence) -> str:
        """Tell how many messages there were."""
        del evidence
        return f"{3 * len(self.events)} messages"


class OutOfOrder(Fault):
    """Events come in the reverse of the order in which they happened, some from years ago."""

    name = "events out of order"

    def prepare(self) -> None:
        """Make a receiver."""
        self.route("accept")

    def provoke(self) -> None:
        """Put them on the queue, the newest first."""
        ids = [str(uuid4()) for _ in range(self.count(100, 10))]
        self.stack.enqueue(
            [
                document(self.routes[0].event_type, event_id=event_id, time=f"{2025 - age}-01-01T00:00:00Z")
                for age, event_id in enumerate(ids)
            ]
        )
        for event_id in ids:
            self.expect(event_id, self.routes)

    def proof(self, evidence: Evidence) -> str:
        """Tell how old the oldest is."""
        moments = [(evidence.records[event_id].event or {}).get("timestamp", "") for event_id in self.events]
        if moments != sorted(moments, reverse=True):
            raise NotProvokedError("the events' own moments are not kept")
        return f"moments back to {moments[-1][:4]}"


class Poison(Fault):
    """Half of each batch cannot be dispatched, each for another reason; the other half goes out."""

    name = "poison among good events"

    def prepare(self) -> None:
        """Make a receiver, and rules whose templates meet what is not there, a zero, and depth."""
        good = self.route("accept")
        self.failing = self.route("accept", template="{{ x + 'a text' }}")
        self.dividing = self.route("accept", template="{{ 1 // n }}")
        self.deep = self.route("accept", template="{{ x | tojson }}")
        self.good = good

    def provoke(self) -> None:
        """Put poison and good events on the queue by turns."""
        for _ in range(self.count(6, 1)):
            poison = self._poison()
            good = [str(uuid4()) for _ in poison]
            bodies = [document(self.good.event_type, event_id=event_id) for event_id in good]
            mixed = [body for pair in zip((body for body, _ in poison), bodies, strict=True) for body in pair]
            messages = self.stack.enqueue(mixed)
            for event_id in good:
                self.expect(event_id, [self.good])
            for message_id, (body, end) in zip(messages[::2], poison, strict=True):
                self._expect_poison(message_id, body, end)

    def _poison(self) -> list[tuple[str, End]]:
        """Return documents with what must become of their events, or of their deliveries."""
        good = self.good.event_type
        nested = "[" * 20_000 + "]" * 20_000
        deep = document(self.deep.event_type, x="DEEP").replace('"DEEP"', "[" * 300 + "]" * 300)
        malformed = End("refused", "malformed")
        return [
            ("not JSON at all", malformed),
            ("[1, 2, 3]", malformed),
            ('"text"', malformed),
            ("{}", malformed),
            (nested, malformed),
            (document(good).replace('"detail": {', '"detail": 5, "was": {'), malformed),
            (document(good, event_id="spaces and / slashes"), malformed),
            (document(good, time="yesterday"), malformed),
            (document("faults.unknown.type"), End("refused", "unknown event type")),
            (document(good, n="no number"), End("refused", "does not fit")),
            (document(good, x=LARGE), DELIVERED),
            (document(good, x="\ud800"), DELIVERED),
            (document(self.failing.event_type, x=1), End("failed", "The operator")),
            (document(self.dividing.event_type, n=0), End("failed", "template fails")),
            (deep, End("refused", "nested more than")),
        ]

    def _expect_poison(self, message_id: str, body: str, end: End) -> None:
        try:
            event_id = json.loads(body)["id"]
        except (ValueError, TypeError, KeyError, RecursionError):
            event_id = message_id
        if " " in event_id:
            event_id = message_id
        if end.status == "refused":
            self.events[event_id] = end
            return
        event_type = json.loads(body)["detail-type"]
        self.expect(event_id, [route for route in self.routes if route.event_type == event_type], end)

    def proof(self, evidence: Evidence) -> str:
        """Tell how many were refused or failed."""
        ends = [end for end in self.events.values() if end] + [
            end for end in self.expected.values() if end is not DELIVERED
        ]
        del evidence
        return f"{at_least(1, len(ends), 'poison')} of them poison"
