"""The results of a batch of attempts, by channel."""

from dataclasses import field

from notifications.core.delivery import Judgement, Outcome, Response
from notifications.core.operational_types import OPERATIONAL
from notifications.core.records import DeliveryRecord
from notifications.core.retries import GONE
from notifications.core.values import mutable

COUNTED_FROM_TRY = 2
"""Failures count from this try on, because a first failure often means only a busy receiver."""


@mutable
class AttemptSummary:
    """The results of one channel's attempts.

    ``repeated``: how many failures count towards a suspension, see ``counts``. ``fastest``: the seconds that
    the fastest success took. ``timed_out``: whether an attempt outlasted the fast lane. ``gone``: whether the
    receiver responded with 410. ``ordinary``: how many failures were not of operational events. ``status``:
    that of the last failure.
    """

    failures: int = 0
    repeated: int = 0
    reason: str = ""
    fastest: float | None = None
    timed_out: bool = False
    gone: bool = False
    ordinary: int = 0
    status: int | None = None


@mutable
class BatchSummary:
    """The results of a batch of attempts, by channel."""

    by_channel: dict[str, AttemptSummary] = field(default_factory=dict)

    def add(self, record: DeliveryRecord, judgement: Judgement, outcome: Outcome) -> None:
        """Count an attempt. ``record``: the delivery after it."""
        summary = self.by_channel.setdefault(record.channel_id, AttemptSummary())
        if judgement.delivered:
            fastest = summary.fastest
            summary.fastest = outcome.seconds if fastest is None else min(outcome.seconds, fastest)
            return
        summary.failures += 1
        summary.repeated += counts(record)
        summary.ordinary += record.rule_type not in OPERATIONAL
        summary.reason = judgement.reason
        summary.status = outcome.status or None
        summary.gone |= isinstance(outcome, Response) and outcome.status == GONE

    def note_timeout(self, channel_id: str) -> None:
        """Note that a receiver did not respond within the fast lane's limit."""
        self.by_channel.setdefault(channel_id, AttemptSummary()).timed_out = True


def counts(record: DeliveryRecord) -> bool:
    """Return whether a delivery's failed attempt counts towards a suspension."""
    return record.status == "failed" or record.tries >= COUNTED_FROM_TRY
