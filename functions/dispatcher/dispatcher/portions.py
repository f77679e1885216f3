"""Render the messages of a batch portion by portion, so that only one portion must fit into memory."""

from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import partial
from time import thread_time

from dispatcher.plan import Plan
from notifications.core.matching import Match
from notifications.core.records import DeliveryRecord
from notifications.core.templating.budget import LEAN_UNITS, MAX_UNITS
from notifications.core.values import mutable
from notifications.delivering.outgoing import Outgoing, build_request
from notifications.delivering.preparing import prepared
from notifications.store.vault import Vault

PORTION_BYTES = 32 * 1024 * 1024
"""How many bytes of rendered messages an invocation holds at a time. Each exists several times while it is
sent and recorded: as text, as a body, and in the JSON of a write."""

PORTION_SECONDS = 4.0
"""How much CPU time the rendering of a portion may take. Then it is sent, and another one is begun only if
there is time."""

FREE_EVENT_SECONDS = 1.0
"""How much CPU time an event's templates may take before each further one is first rendered with a small
budget, which is enough for most."""

MAX_EVENT_SECONDS = 4.0
"""How much CPU time an event's templates may take before its others wait until those of other events are
rendered."""


@mutable
class Portion:
    """Deliveries that are sent and recorded together.

    ``completed``: the plans whose last delivery is in it. ``size``: in bytes. ``seconds``: the CPU time of
    its renderings. ``clock``: this thread's CPU time when it was last read.
    """

    outgoing: list[Outgoing] = field(default_factory=list)
    ended: list[DeliveryRecord] = field(default_factory=list)
    completed: list[Plan] = field(default_factory=list)
    size: int = 0
    seconds: float = 0.0
    clock: float = field(default_factory=thread_time)

    @property
    def full(self) -> bool:
        """Return whether it must be sent before more is rendered."""
        return self.size >= PORTION_BYTES or self.seconds >= PORTION_SECONDS

    def add(self, rendered: Outgoing | DeliveryRecord) -> None:
        """Add the result of rendering a rule."""
        if isinstance(rendered, Outgoing):
            self.outgoing.append(rendered)
            self.size += len(rendered.request.body)
        else:
            self.ended.append(rendered)
            self.size += len(rendered.message or "")


def portions(vault: Vault, plans: Iterable[Plan]) -> Iterator[Portion]:
    """Render what events send; usually all of it is one portion.

    Slow templates come last, so that no rule and no event waits for those of another.

    Raises:
        Unavailable: secrets cannot be decrypted.
    """
    portion = Portion()
    slow: list[tuple[Plan, list[Match]]] = []
    for plan in plans:
        portion.ended += plan.ended
        postponed: list[Match] = []
        for found in plan.matches:
            rendered = _quickly_rendered(plan, vault, found, portion)
            if rendered is None:
                postponed.append(found)
                continue
            portion.add(rendered)
            if portion.full:
                yield portion
                portion = Portion()
        if postponed:
            slow.append((plan, postponed))
        else:
            portion.completed.append(plan)
    # Send what is ready before the slow templates begin, which may take seconds.
    if slow:
        yield portion
        portion = Portion()
    for plan, matches in slow:
        for found in matches:
            portion.add(_rendered(plan, vault, found, portion))
            if portion.full:
                yield portion
                portion = Portion()
        portion.completed.append(plan)
    yield portion


def _quickly_rendered(
    plan: Plan, vault: Vault, found: Match, portion: Portion
) -> Outgoing | DeliveryRecord | None:
    """Build one rule's delivery; None if it must wait because its event has used up its share of CPU time."""
    if plan.spent < FREE_EVENT_SECONDS:
        return _rendered(plan, vault, found, portion)
    if plan.spent >= MAX_EVENT_SECONDS:
        return None
    # Most templates need far less than this budget. One that needs more fails here, and is rendered again
    # with the full budget after all others have been sent.
    rendered = _rendered(plan, vault, found, portion, LEAN_UNITS)
    failed = isinstance(rendered, DeliveryRecord) and rendered.error_class == "render"
    return None if failed else rendered


def _rendered(
    plan: Plan, vault: Vault, found: Match, portion: Portion, units: int = MAX_UNITS
) -> Outgoing | DeliveryRecord:
    """Build one rule's delivery, or its record with the reason why nothing is sent."""
    try:
        return prepared(plan.event, found, plan.variables, partial(build_request, vault), units)
    finally:
        # Read the clock once per rule, because that is a system call as expensive as the signature. So each
        # interval also has the little time since the end of the previous rule.
        before, portion.clock = portion.clock, thread_time()
        plan.spent += portion.clock - before
        portion.seconds += portion.clock - before
