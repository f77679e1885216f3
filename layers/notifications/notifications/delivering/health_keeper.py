"""Execute what ``core.channel_health`` decides."""

import logging
import math
import time
from collections.abc import Collection
from datetime import UTC, datetime

from notifications.core import channel_health
from notifications.core.attempt_summary import AttemptSummary, BatchSummary
from notifications.core.channel_health import Change, Health
from notifications.core.errors import EntityNotFound
from notifications.core.model import timestamp
from notifications.delivering.operators import Operators
from notifications.messaging.queues import DeliveryQueues
from notifications.store.channels import ChannelStore
from notifications.store.health import HealthStore

KNOWN_SECONDS = 1.0
"""How long the channels that are not well are kept in memory."""

TAKEN = "the receiver took a message"

logger = logging.getLogger(__name__)


class HealthKeeper:
    """Read and write channel health. Every method raises ``Unavailable`` if a table cannot be used."""

    def __init__(
        self, store: HealthStore, channels: ChannelStore, queues: DeliveryQueues, operators: Operators
    ) -> None:
        self._store = store
        self._channels = channels
        self._queues = queues
        self._operators = operators
        self._unwell: dict[str, Health] = {}
        self._is_all = True
        """Whether ``_unwell`` has all channels that are not well; beyond a limit only some are read."""
        self._read_again_at = -math.inf
        """When (monotonic) to read again. After each write of this process it is the infinite past."""

    def known(self, channel_ids: Collection[str]) -> dict[str, Health]:
        """Return the health of those of these channels that are not well, at most ``KNOWN_SECONDS`` old.

        One read serves all batches of that time, because nearly always all channels are well. This process's
        own writes are known at once, those of other processes later. So a message may be sent to a channel
        that was suspended a second ago, or held for one that was resumed; ``release_unsuspended`` then
        releases it.
        """
        if not channel_ids:
            return {}
        if time.monotonic() >= self._read_again_at:
            # After a write of this process an eventually consistent read could miss it.
            consistent = self._read_again_at == -math.inf
            self._unwell, self._is_all = self._store.some(consistent=consistent)
            self._read_again_at = time.monotonic() + KNOWN_SECONDS
        if not self._is_all:
            return self._store.of(channel_ids)
        return {
            channel_id: self._unwell[channel_id] for channel_id in channel_ids if channel_id in self._unwell
        }

    def get(self, channel_id: str) -> Health | None:
        """Read a channel's health; None if it is well."""
        return self._store.get(channel_id)

    def apply(self, channel_id: str, change: Change | None, why: str | None = None) -> bool:
        """Make a change, if there is one; return whether it was made.

        ``why``: if the change ends a suspension, what operators are told of the reason; None tells nothing.
        A release message is sent after the write, because whoever receives it reads the health and would do
        nothing if the channel still looked suspended.
        """
        before = self._apply(channel_id, change)
        if before is None or change is None:
            return False
        # The write returns the health that it replaced, so only one of several processes that end a
        # suspension reports that.
        if why is not None and before.ordinary and channel_health.ends_suspension(before, change):
            from notifications.core import operational  # noqa: PLC0415 - suspensions are rare

            self._operators.note(operational.resumed(channel_id, before.suspended_at, why))
        return True

    def take(self, summary: BatchSummary, known: dict[str, Health]) -> None:
        """Apply the results of a batch of attempts. ``known``: the health before it."""
        now = datetime.now(UTC)
        # One result for each channel, the strongest: a 410 disables it whatever else came, and one success
        # outweighs all failures, because the receiver is alive.
        for channel_id, attempts in summary.by_channel.items():
            health = known.get(channel_id)
            if attempts.gone:
                self._disable(channel_id, health, attempts, now)
            elif attempts.fastest is not None:
                self._recover(channel_id, health, attempts, now)
            elif attempts.failures:
                self._fail(channel_id, attempts, now)
            if attempts.timed_out:
                self.apply(channel_id, channel_health.after_timeout(health))

    def release_unsuspended(self, channel_ids: Collection[str]) -> None:
        """Release what this process held for channels whose suspension has meanwhile ended."""
        for channel_id in channel_ids:
            self.apply(channel_id, channel_health.held_after_all(self._store.get(channel_id)))

    def end_suspension(self, channel_id: str, known: dict[str, Health]) -> None:
        """End the suspension of a channel whose receiver has just taken a message, and update ``known``.

        Without the update, the end of the batch would end the suspension, and release, a second time.
        """
        health = known.get(channel_id)
        if health is not None and health.suspended:
            change = channel_health.resumed()
            self.apply(channel_id, change, TAKEN)
            logger.info("channel resumed", extra={"channel_id": channel_id})
            known[channel_id] = channel_health.changed(health, change)

    def hold_back(self, channel_id: str, until: datetime) -> None:
        """Record until when a receiver wants no message."""
        self._read_again_at = -math.inf
        self._store.hold_back(channel_id, until)

    def _fail(self, channel_id: str, attempts: AttemptSummary, now: datetime) -> None:
        # The store returns the sum over all processes; whichever reaches the limit suspends the channel.
        self._read_again_at = -math.inf
        health = self._store.add_failures(channel_id, attempts, now)
        change = channel_health.after_failures(health, now)
        before = self._apply(channel_id, change)
        if before is not None and change is not None:
            if health.ordinary and not before.suspended:
                from notifications.core import operational  # noqa: PLC0415 - as above

                after = channel_health.changed(health, change)
                self._operators.note(operational.suspended(after, attempts.status))
            told = {"channel_id": channel_id, "failures": health.failures, "reason": attempts.reason}
            logger.warning("channel suspended", extra=told)

    def _recover(
        self, channel_id: str, health: Health | None, attempts: AttemptSummary, now: datetime
    ) -> None:
        change = channel_health.after_success(health, attempts, now)
        if self.apply(channel_id, change, TAKEN) and health is not None and health.suspended:
            logger.info("channel resumed", extra={"channel_id": channel_id})

    def _disable(
        self, channel_id: str, health: Health | None, attempts: AttemptSummary, now: datetime
    ) -> None:
        # The channel first, because the change of its health releases what is held: that has to find the
        # channel disabled, so that it ends as skipped and is not sent.
        try:
            self._channels.update(channel_id, {"enabled": False, "updated_at": timestamp(now)})
        except EntityNotFound:
            return  # somebody deleted the channel; a health record for it would never go away
        before = self._apply(channel_id, channel_health.gone(health, attempts.reason))
        if before is not None and not before.gone and (before.ordinary or attempts.ordinary):
            from notifications.core import operational  # noqa: PLC0415 - as above

            self._operators.note(operational.disabled(channel_id, attempts.reason, attempts.status))
        logger.warning("channel disabled", extra={"channel_id": channel_id, "reason": attempts.reason})

    def _apply(self, channel_id: str, change: Change | None) -> Health | None:
        """Make a change; return the health that it met, None if none was made."""
        if change is None:
            return None
        self._read_again_at = -math.inf
        before = self._store.apply(channel_id, change)
        if before is not None and change.releases:
            self._queues.release(channel_id)
        return before
