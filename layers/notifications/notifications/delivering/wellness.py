"""What a batch of attempts says of the channels' health, and what follows from it."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from notifications.core.delivery import Outcome, Response, Verdict
from notifications.core.errors import EntityNotFound
from notifications.core.health import FIRST_PROBE, SLOW_SECONDS, Health, counts, must_suspend
from notifications.core.model import timestamp
from notifications.core.records import DeliveryRecord
from notifications.core.retries import GONE
from notifications.senders.queues import DeliveryQueues
from notifications.store.channels import ChannelStore
from notifications.store.health import HealthStore

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What the attempts of one channel in a batch came to."""

    failures: int = 0
    repeated: int = 0
    reason: str = ""
    fastest: float | None = None
    hurried: bool = False
    gone: bool = False


@dataclass(slots=True)
class Tallies:
    """What the attempts of a batch came to, by channel."""

    by_channel: dict[str, Tally] = field(default_factory=dict)

    def add(self, record: DeliveryRecord, verdict: Verdict, outcome: Outcome) -> None:
        """Count an attempt. ``record``: as it is afterwards."""
        tally = self.by_channel.setdefault(record.channel_id, Tally())
        if verdict.delivered:
            fastest = tally.fastest
            tally.fastest = outcome.seconds if fastest is None else min(outcome.seconds, fastest)
            return
        tally.failures += 1
        tally.repeated += counts(record)
        tally.reason = verdict.reason
        tally.gone |= isinstance(outcome, Response) and outcome.status == GONE

    def hurry(self, channel_id: str) -> None:
        """Note that a receiver did not answer in the fast lane's time."""
        self.by_channel.setdefault(channel_id, Tally()).hurried = True


class Wellness:
    """Keep the channels' health, suspend and resume them."""

    def __init__(self, store: HealthStore, channels: ChannelStore, queues: DeliveryQueues) -> None:
        self._store = store
        self._channels = channels
        self._queues = queues

    def known(self, channel_ids: Collection[str]) -> dict[str, Health]:
        """Read which of these channels are not well.

        Raises:
            Unavailable: the deliveries table can not be read.
        """
        return self._store.of(channel_ids) if channel_ids else {}

    def take(self, tallies: Tallies, known: dict[str, Health]) -> None:
        """Keep what a batch of attempts says. ``known``: what was known before it.

        Raises:
            Unavailable: the deliveries table, or for a 410 the config table, can not be written.
        """
        now = datetime.now(UTC)
        for channel_id, tally in tallies.by_channel.items():
            health = known.get(channel_id)
            if tally.gone:
                self._disable(channel_id, health, tally.reason, now)
            elif tally.fastest is not None:
                self._recover(channel_id, health, fast=tally.fastest < SLOW_SECONDS / 2)
            elif tally.failures:
                self._fail(channel_id, tally, now)
            if tally.hurried and not (health and health.slow):
                self._store.set(channel_id, slow=True)

    def release_unsuspended(self, channel_ids: set[str]) -> None:
        """Let out again what was held for channels that have recovered at the same moment."""
        for channel_id in channel_ids:
            health = self._store.get(channel_id)
            if health is None or not health.suspended:
                self._store.set(channel_id, releasing=True)
                self._queues.release(channel_id)

    def end_suspension(self, channel_id: str, known: dict[str, Health]) -> None:
        """End the suspension of a channel whose receiver has just taken a message, and note it in ``known``.

        This does not wait for the end of the batch, in which others may hang for a minute.

        Raises:
            Unavailable: the deliveries table can not be written.
        """
        health = known.get(channel_id)
        if health is not None and health.suspended:
            self.resume(channel_id)
            logger.info("channel resumed", extra={"channel_id": channel_id})
            known[channel_id] = Health(channel_id, slow=health.slow, releasing=True)

    def resume(self, channel_id: str) -> None:
        """End a channel's suspension: what is held for it goes out.

        Raises:
            Unavailable: the deliveries table can not be written.
        """
        self._store.set(
            channel_id,
            releasing=True,
            suspended_at=None,
            probe_at=None,
            probes=None,
            rules_seen=None,
            failures=None,
            repeated=None,
            failing_since=None,
            reason=None,
        )
        self._queues.release(channel_id)

    def _fail(self, channel_id: str, tally: Tally, now: datetime) -> None:
        health = self._store.add_failures(channel_id, tally.failures, tally.repeated, tally.reason, now)
        if must_suspend(health, now):
            self._store.set(
                channel_id, suspended_at=now, probe_at=now + FIRST_PROBE, probes=0, releasing=None
            )
            logger.warning(
                "channel suspended",
                extra={"channel_id": channel_id, "failures": health.failures, "reason": tally.reason},
            )

    def _recover(self, channel_id: str, health: Health | None, *, fast: bool) -> None:
        if health is None or (health.slow and not fast and not health.failures):
            return
        if health.suspended:
            self.resume(channel_id)
            logger.info("channel resumed", extra={"channel_id": channel_id})
        elif health.slow and not fast:
            self._store.set(channel_id, failures=None, repeated=None, failing_since=None, reason=None)
        elif not health.releasing:
            self._store.forget(channel_id)

    def _disable(self, channel_id: str, health: Health | None, reason: str, now: datetime) -> None:
        try:
            self._channels.update(channel_id, {"enabled": False, "updated_at": timestamp(now)})
        except EntityNotFound:
            return
        if health is not None and health.suspended:  # what is held ends as skipped
            self.resume(channel_id)
        self._store.set(channel_id, gone=True, reason=reason)
        logger.warning("channel disabled", extra={"channel_id": channel_id, "reason": reason})
