"""Send deliveries together, record each attempt, and arrange for failed ones to be tried again."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from notifications.core import attempts, records
from notifications.core.attempt_summary import BatchSummary
from notifications.core.channel_health import SLOW_SECONDS, Health
from notifications.core.delivery import Failure, Outcome, Request
from notifications.core.errors import Unavailable
from notifications.core.kinds import judged
from notifications.core.records import DeliveryRecord
from notifications.core.retries import held_back_for
from notifications.delivering.health_keeper import HealthKeeper
from notifications.delivering.operators import Operators
from notifications.delivering.outgoing import Handling, Lane, Outgoing, handling, lane_timed_out, time_limit
from notifications.delivering.record_writer import RecordWriter
from notifications.delivering.turns import Turns, held_back
from notifications.jitter import random
from notifications.messaging.queues import DeliveryQueues
from notifications.outbound.sender import Sender
from notifications.outbound.waiting import Later
from notifications.store.records import RecordStore

if TYPE_CHECKING:
    from notifications.delivering.pacer import Pacer

OWN_PAUSE = timedelta(seconds=5)
"""How long a delivery waits when this process had no descriptor or thread for it."""

LONG_BATCH_SECONDS = 5.0
"""After a batch that took longer, the channels' health is read again."""


class Deliverer:
    """Send and record deliveries. A process has one, because it keeps connections.

    ``pacer``: returns what gives slots to deliveries of paced channels, which is loaded only for those.
    """

    def __init__(
        self,
        sender: Sender,
        store: RecordStore,
        keeper: HealthKeeper,
        queues: DeliveryQueues,
        pacer: "Callable[[], Pacer]",
        operators: Operators,
    ) -> None:
        self._sender = sender
        self._store = store
        self._keeper = keeper
        self._queues = queues
        self._pacer = pacer
        self._operators = operators

    def deliver(
        self,
        outgoing: Sequence[Outgoing],
        *,
        lane: Lane,
        deadline: float,
        ended: Sequence[DeliveryRecord] = (),
    ) -> list[DeliveryRecord]:
        """Send and record; deliveries that cannot start before ``deadline`` (monotonic) go to the queue.

        ``ended``: records that need no sending and are written with the others. Returns all records as they
        are afterwards.

        Raises:
            NotRecorded: DynamoDB did not take a record; nothing was sent after that.
            Unavailable: the channels' health cannot be read or written.
        """
        known = self._keeper.known({item.channel.id for item in outgoing})
        writer = RecordWriter(self._store, self._queues, known)
        by_handling = _by_handling(outgoing, known, lane)
        # Send first: writing the other records takes time, during which receivers could already work.
        began = time.monotonic()
        summary = self._send(by_handling["send"], writer, known, lane, deadline)
        # Another process may have suspended a channel, or ended its suspension, during a long batch. A
        # transition that is judged with the old health would then be the wrong one.
        present = known
        if time.monotonic() - began > LONG_BATCH_SECONDS:
            present = self._keeper.known(summary.by_channel)
        for record in ended:
            writer.add(record)
        _record_unsent(by_handling, known, writer)
        # The records come before the health: whoever releases a channel must find what was held for it.
        writer.settle()
        try:
            self._keeper.take(summary, present)
        finally:
            # A suspension may have ended after ``known`` was read and before these records were written.
            # Whoever released the channel then did not see them, so this process has to look once more.
            self._keeper.release_unsuspended(_held_for_suspensions(writer.written))
            self._operators.note_failed(writer.written)
            self._operators.tell()
        return writer.written

    def _send(
        self,
        sending: list[Outgoing],
        writer: RecordWriter,
        known: dict[str, Health],
        lane: Lane,
        deadline: float,
    ) -> BatchSummary:
        """Send as long as records can be written.

        A delivery that cannot be recorded must not be sent, because it would be sent again later.
        """
        summary = BatchSummary()
        asked = {channel_id: health.held_back_until for channel_id, health in known.items()}
        turns = Turns(sending, self._pacer, {each: until for each, until in asked.items() if until})
        begun: list[Outgoing] = []

        # A generator, because the sender reads it as handles become free: when DynamoDB falls behind or the
        # time is over, no further request starts, and those in flight still end.
        def requests() -> Iterator[Request | Later]:
            while not writer.behind and time.monotonic() < deadline and (turn := turns.next()) is not None:
                if isinstance(turn, Later):
                    yield turn
                else:
                    begun.append(turn)
                    yield turn.request

        # ``requests`` also ends when the writer falls behind. Once that has caught up, sending goes on.
        while turns and time.monotonic() < deadline:
            first = len(begun)
            for position, outcome in self._sender.send_all(requests(), writer.flush, time_limit(lane)):
                item = begun[first + position]
                delivered = self._take(item, outcome, writer, summary, turns, lane)
                if delivered and item.channel.id in known:
                    # Not at the end of the batch, because hanging receivers may keep it for a minute. If the
                    # table is unavailable, the end of the batch tries again.
                    with suppress(Unavailable):
                        self._keeper.end_suspension(item.channel.id, known)
            if writer.behind:  # no exchange is in flight now, so a write that takes long delays none
                writer.settle()
        for record in turns.rest():
            writer.add(record, slow=lane == "slow")
        return summary

    def _take(
        self,
        item: Outgoing,
        outcome: Outcome,
        writer: RecordWriter,
        summary: BatchSummary,
        turns: Turns,
        lane: Lane,
    ) -> bool:
        """Record an attempt; return whether the receiver took the message."""
        if isinstance(outcome, Failure) and outcome.error_class == "own":
            # Nothing was sent, so this is no attempt and says nothing about the receiver: it counts neither
            # in the record nor in the channel's health.
            now = datetime.now(UTC)
            writer.add(records.waiting(item.record, now + OWN_PAUSE, now), slow=lane == "slow")
            return False
        # From here on the outcome has no credentials: all of it may be logged and recorded.
        outcome, judgement = judged(item.channel.spec, item.request, outcome)
        if (seconds := held_back_for(judgement, outcome)) is not None:
            self._heed(item.channel.id, seconds, turns)
        ended = datetime.now(UTC)
        attempt = attempts.attempt(
            item.request, outcome, judgement, ended - timedelta(seconds=outcome.seconds)
        )
        # The channel allows more time than this lane, so its receiver has done nothing wrong yet. This counts
        # as no failure, neither in the record nor in the channel's health; only the lane is changed.
        if lane_timed_out(item.request, outcome, lane):
            reason = f"no response within {SLOW_SECONDS:g} s: sent again with the channel's own timeout"
            summary.note_timeout(item.channel.id)
            writer.add(attempts.outlasted(item.record, attempt, reason, ended), slow=True, sent=True)
            return False
        jitter = 0.0 if judgement.delivered else random.uniform(-1, 1)
        record = attempts.attempted(
            item.record, attempt, judgement, outcome, item.channel.retry, jitter, ended
        )
        summary.add(record, judgement, outcome)
        writer.add(record, sent=True)
        return judgement.delivered

    def _heed(self, channel_id: str, seconds: float, turns: Turns) -> None:
        """Send nothing more to a receiver that asked to wait, neither from here nor from other processes."""
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        if turns.hold_back(channel_id, until):
            # If this cannot be written, the others only have to ask the receiver themselves.
            with suppress(Unavailable):
                self._keeper.hold_back(channel_id, until)


def _by_handling(
    outgoing: Sequence[Outgoing], known: Mapping[str, Health], lane: Lane
) -> dict[Handling, list[Outgoing]]:
    """Sort deliveries by what happens with them now."""
    now = datetime.now(UTC)
    sorted_out: dict[Handling, list[Outgoing]] = {"send": [], "hold": [], "slow": [], "wait": []}
    for item in outgoing:
        sorted_out[handling(item, known.get(item.channel.id), lane, now)].append(item)
    return sorted_out


def _held_for_suspensions(written: Iterable[DeliveryRecord]) -> set[str]:
    """Name the channels for whose suspensions deliveries are held."""
    return {record.channel_id for record in written if record.status == "held" and record.mute_id is None}


def _record_unsent(
    by_handling: Mapping[Handling, Sequence[Outgoing]], known: Mapping[str, Health], writer: RecordWriter
) -> None:
    """Record the deliveries that are not sent now. ``known``: the health by which that was decided."""
    now = datetime.now(UTC)
    for item in by_handling["hold"]:
        writer.add(records.ended(item.record, "held", "channel_suspended", now))
    for item in by_handling["slow"]:
        writer.add(records.in_other_lane(item.record, now), slow=True)
    for item in by_handling["wait"]:
        until = known[item.channel.id].held_back_until
        writer.add(held_back(item.record, until or now, now))
