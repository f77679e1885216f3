"""The messages of a batch, rendered a portion at a time, so that a portion is all that memory must hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import thread_time

from dispatcher.messages import told
from dispatcher.plan import Plan, delivery
from notifications.core import rendering
from notifications.core.errors import InvalidRequest, SecretsUnreadable, TemplateError
from notifications.core.matching import EMPTY_MESSAGE, Match
from notifications.core.records import DeliveryRecord
from notifications.core.templating.budget import LEAN_UNITS, MAX_UNITS
from notifications.delivering.outgoing import Outgoing, lay_out
from notifications.store.vault import Vault

PORTION_BYTES = 32 * 1024 * 1024
"""How many bytes of rendered messages an invocation holds at a time. Each is there several times while it is
sent and recorded: as text, as a body, and in the JSON of a write."""

FREE_EVENT_SECONDS = 1.0
"""CPU time after which each further template of an event gets only a little: the good ones need no more."""

MAX_EVENT_SECONDS = 4.0
"""CPU time of all templates of an event: ten such events leave a dispatcher time to send and record."""


@dataclass(slots=True)
class Portion:
    """What is sent and recorded together. ``completed``: the events of which nothing is left after it."""

    outgoing: list[Outgoing] = field(default_factory=list)
    ended: list[DeliveryRecord] = field(default_factory=list)
    completed: list[Plan] = field(default_factory=list)


def portions(vault: Vault, plans: Iterable[Plan]) -> Iterator[Portion]:
    """Render what events make to send; the last portion is smaller, and the only one if all is small.

    Raises:
        Unavailable: secrets can not be decrypted.
    """
    portion, size = Portion(), 0
    for plan in plans:
        portion.ended += plan.ended
        for found in plan.matches:
            rendered = _rendered(plan, vault, found)
            if isinstance(rendered, DeliveryRecord):
                portion.ended.append(rendered)
                continue
            portion.outgoing.append(rendered)
            size += len(rendered.request.body)
            if size >= PORTION_BYTES:
                yield portion
                portion, size = Portion(), 0
        portion.completed.append(plan)
    yield portion


def _rendered(plan: Plan, vault: Vault, found: Match) -> Outgoing | DeliveryRecord:
    """Lay out what goes to one rule's channel, or record why nothing does."""
    rule, channel = found.rule, found.channel
    if plan.spent > MAX_EVENT_SECONDS:
        reason = f"the templates of this event take more than {MAX_EVENT_SECONDS:g} s together"
        return delivery(plan.event, rule, "failed", reason, error_class="render")
    began = thread_time()
    try:
        units = MAX_UNITS if plan.spent < FREE_EVENT_SECONDS else LEAN_UNITS
        content = rendering.content(rule, channel, plan.variables, units)
        if content is None:
            return delivery(plan.event, rule, "skipped", EMPTY_MESSAGE)
        record = delivery(plan.event, rule, "pending", None, message=content.message, subject=content.subject)
        request = lay_out(vault, channel, content, record.id, datetime.now(UTC))
    except (TemplateError, InvalidRequest, SecretsUnreadable) as error:
        error_class = "render" if isinstance(error, TemplateError) else "invalid"
        return delivery(plan.event, rule, "failed", told(error.message), error_class=error_class)
    finally:
        plan.spent += thread_time() - began
    return Outgoing(record, channel, request)
