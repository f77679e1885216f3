"""What the attempts of a batch came to, channel by channel."""

from dataclasses import dataclass, field

from notifications.core.delivery import Outcome, Response, Verdict
from notifications.core.records import DeliveryRecord
from notifications.core.retries import GONE

COUNTED_FROM_TRY = 2
"""A first try that fails and is followed by another tells of a busy receiver, so only later ones count."""


@dataclass(slots=True)
class AttemptSummary:
    """What the attempts of one channel came to.

    ``repeated``: how many of the failures count towards a suspension, see ``counts``. ``fastest``: the
    seconds of its fastest success. ``hurried``: the fast lane had no more time for it. ``gone``: the
    receiver answered 410.
    """

    failures: int = 0
    repeated: int = 0
    reason: str = ""
    fastest: float | None = None
    hurried: bool = False
    gone: bool = False


@dataclass(slots=True)
class BatchSummary:
    """What the attempts of a batch came to, by channel."""

    by_channel: dict[str, AttemptSummary] = field(default_factory=dict)

    def add(self, record: DeliveryRecord, verdict: Verdict, outcome: Outcome) -> None:
        """Count an attempt. ``record``: as it is afterwards."""
        summary = self.by_channel.setdefault(record.channel_id, AttemptSummary())
        if verdict.delivered:
            fastest = summary.fastest
            summary.fastest = outcome.seconds if fastest is None else min(outcome.seconds, fastest)
            return
        summary.failures += 1
        summary.repeated += counts(record)
        summary.reason = verdict.reason
        summary.gone |= isinstance(outcome, Response) and outcome.status == GONE

    def hurry(self, channel_id: str) -> None:
        """Note that a receiver did not answer in the fast lane's time."""
        self.by_channel.setdefault(channel_id, AttemptSummary()).hurried = True


def counts(record: DeliveryRecord) -> bool:
    """Tell of a delivery whose attempt has just failed whether that says that its receiver is not well."""
    return record.status == "failed" or record.tries >= COUNTED_FROM_TRY
