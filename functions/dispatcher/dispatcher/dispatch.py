"""Events in, webhooks out: the order in which messages are dispatched, and what becomes of each.

Messages received for the first time share a batch: all of them are planned, claimed with one call, sent at
once and recorded. If a process dies over the batch, nobody knows over which message. So a message received
*again* is claimed before anything else is done with it, and it is planned, sent and recorded by itself before
the next one is touched: a process that dies leaves behind a claim on the event that it died over, and on no
other. Events with the most such claims come last. The others find their work done when they come once more.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Self

from dispatcher.claims import Busy, Claim, Claims, Spent
from dispatcher.configuration import Configuration
from dispatcher.messages import Message
from dispatcher.outcome import FIRST_RETURN_SECONDS, Dispatched
from dispatcher.plan import Plan, make_plan
from dispatcher.sending import Report, Sending, Sent
from notifications.core.batches import batches
from notifications.core.errors import NotRecorded, Unavailable
from notifications.core.incoming import cut_reason, read
from notifications.delivering.deliverer import Deliverer
from notifications.delivering.invocation import Invocation
from notifications.messaging.dead_letters import DeadLetterQueue
from notifications.messaging.event_queue import EventQueue
from notifications.store.events import EventStore
from notifications.store.records import RecordStore
from notifications.store.vault import Vault
from notifications.wiring import Services

if TYPE_CHECKING:
    from notifications.delivering.collapsing import Collapsing

BATCH_BYTES = 2 * 1024 * 1024
"""How many bytes of documents are planned before the first of their events is sent. Until then the fields of
these events are in memory, at some twenty times their size."""

AFTER_LEASE = timedelta(seconds=5)
"""How long after the end of a lease the queue returns a message: any earlier, the lease might still run."""

logger = logging.getLogger(__name__)


class Dispatcher:
    """Dispatch events with the configuration that is in force when they come."""

    def __init__(
        self,
        configuration: Configuration,
        vault: Vault,
        events: EventStore,
        records: RecordStore,
        deliverer: Deliverer,
        queue: EventQueue,
        dead_letters: DeadLetterQueue,
        collapsing: Callable[[], "Collapsing"],
    ) -> None:
        self._configuration = configuration
        self._vault = vault
        self._claims = Claims(events, records)
        self._sending = Sending(vault, events, deliverer, collapsing)
        self._queue = queue
        self._dead_letters = dead_letters

    @classmethod
    def of(cls, services: Services) -> Self:
        """Make a dispatcher with the service's parts."""
        return cls(
            Configuration(services.config_table, services.rules, services.channels, services.event_types),
            services.vault,
            services.events,
            services.records,
            services.deliverer,
            services.event_queue,
            services.dead_letters,
            lambda: services.collapsing,
        )

    def dispatch(self, messages: Sequence[Message], invocation: Invocation) -> Dispatched:
        """Dispatch the events of a batch; those that fail for the last time become dead letters."""
        outcome = Dispatched()
        try:
            self._configuration.refresh()
        except Unavailable as error:
            for message in messages:
                outcome.give_back(message, error)
        else:
            self._dispatch(messages, invocation, outcome)
        if outcome.back:
            self._return(outcome)
        return outcome

    def _dispatch(self, messages: Sequence[Message], invocation: Invocation, outcome: Dispatched) -> None:
        repeated = [message for message in messages if message.repeated]
        first = [message for message in messages if not message.repeated]
        for batch in batches(first, heaviest=BATCH_BYTES, weigh=lambda message: len(message.body)):
            repeated += self._together(batch, invocation, outcome)
        for message in self._claims.in_order(repeated):
            if monotonic() < invocation.deadline:
                self._alone(message, invocation, outcome)
            else:
                outcome.put_off(message, 0)

    def _together(
        self, messages: Sequence[Message], invocation: Invocation, outcome: Dispatched
    ) -> list[Message]:
        """Dispatch messages received for the first time; return those of events that were claimed before."""
        plans: list[Plan] = []
        by_event: dict[str, Message] = {}
        for message in messages:
            try:
                plan = make_plan(self._configuration, self._vault, read(message.body, message.id))
            except Exception as error:  # noqa: BLE001 - whatever fails, the batch's other events are sent
                outcome.give_back(message, error)
                continue
            if plan.event.id not in by_event:  # an event may be twice in one batch
                by_event[plan.event.id] = message
                plans.append(plan)
        result = self._claims.take(plans, invocation.lease)
        for event_id in result.undone:
            outcome.give_back(by_event[event_id], Unavailable("DynamoDB did not take the claim"))
        for event_id, lease in result.busy.items():
            self._wait_for(by_event[event_id], lease, outcome)
        _report(outcome, result.reports)
        if result.claimed:
            self._finish(self._sending.send(result.claimed, invocation.deadline), by_event, outcome)
        return [by_event[event_id] for event_id in result.open]

    def _alone(self, message: Message, invocation: Invocation, outcome: Dispatched) -> None:
        """Dispatch a repeated message; its event is claimed before anything else is done with it."""
        try:
            claim = self._claims.take_again(message, invocation.lease)
        except Unavailable as error:
            outcome.give_back(message, error)
            return
        match claim:
            case Report():
                _report(outcome, [claim])
            case Busy():
                self._wait_for(message, claim.until, outcome)
            case Spent():
                if not self._bury(message, claim.reason):
                    outcome.put_off(message, FIRST_RETURN_SECONDS)
            case _:
                self._dispatch_claimed(message, claim, invocation, outcome)

    def _dispatch_claimed(
        self, message: Message, claim: Claim, invocation: Invocation, outcome: Dispatched
    ) -> None:
        event = claim.reading.record
        try:
            plan = make_plan(self._configuration, self._vault, claim.reading, claim.done, claim.unrecorded)
            sent = self._sending.send([plan], invocation.deadline)
        except Unavailable as error:
            left = Plan(event, "dispatched", unrecorded=claim.unrecorded)
            sent = Sent(left=[left], error=error)
        except Exception as error:  # noqa: BLE001 - its claim stays, as if the process had died
            outcome.give_back(message, error)
            return
        self._finish(sent, {event.id: message}, outcome)

    def _finish(self, sent: Sent, by_event: Mapping[str, Message], outcome: Dispatched) -> None:
        """Report the dispatched events; hand the others back, and have the queue return their messages."""
        _report(outcome, sent.reports)
        kept = sent.error.kept if isinstance(sent.error, NotRecorded) else ()
        for plan in sent.left:
            message = by_event[plan.event.id]
            sent_rules = {rule_id for event_id, rule_id in kept if event_id == plan.event.id}
            reason = sent.error.message if sent.error else None
            self._claims.hand_back(plan.event, reason, plan.unrecorded | sent_rules)
            if sent.error is not None:
                outcome.give_back(message, sent.error)
            else:  # there was no time for all of it: another invocation continues at once
                outcome.put_off(message, 0)

    def _wait_for(self, message: Message, lease: datetime, outcome: Dispatched) -> None:
        """Have the queue return a message when the dispatcher that has its event must have ended.

        The message must stay on the queue, because a claim holds no document: until the event is recorded,
        only its messages have it.
        """
        outcome.put_off(message, (lease + AFTER_LEASE - datetime.now(UTC)).total_seconds())

    def _return(self, outcome: Dispatched) -> None:
        """Have the queue return messages, later each time; bury those received for the last time."""
        last = self._queue.max_receives()
        outcome.back = [
            each
            for each in outcome.back
            if each.error is None
            or each.message.receives < last
            or not self._bury(each.message, cut_reason(str(each.error)))
        ]
        self._queue.hide(
            [(each.message.receipt, each.seconds) for each in outcome.back if each.message.receipt]
        )

    def _bury(self, message: Message, reason: str) -> bool:
        """Put a message into the dead letter queue, with the reason; return whether that worked."""
        try:
            self._dead_letters.put(message.body, reason)
        except Unavailable:
            return False
        logger.error("event is a dead letter", extra={"message_id": message.id, "reason": reason})
        self._claims.bury(message, reason)
        return True


def _report(outcome: Dispatched, reports: Iterable[Report]) -> None:
    for report in reports:
        outcome.reports.append(report)
        report.log()
