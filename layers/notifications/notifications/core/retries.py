"""Decide which failures are retried, and when: the tables of docs/deliveries.md."""

from notifications.core.delivery import Judgement, Outcome, Response
from notifications.core.model import Retry, RetryName

SCHEDULES: dict[RetryName, tuple[int, ...]] = {
    "standard": (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600),
    "fast": (1, 5, 15, 30, 60, 120),
    "none": (),
}
"""The seconds to wait after the first try, the second, and so on. ``standard`` is Svix's schedule."""

MAX_RETRIES = 20
MAX_DELAY_SECONDS = 12 * 3600
JITTER = 0.2
"""A delay is randomly up to this share shorter or longer, so that deliveries that failed together do not all
return at once."""

MAX_RETRY_AFTER_SECONDS = 3600
"""How far a receiver's Retry-After can put off the next try."""

RETRIED_STATUSES = frozenset({408, 425, 429})
SERVER_ERRORS = range(500, 600)
GONE = 410
"""The receiver wants no more messages, so its channel is disabled."""

HOLDING_BACK = frozenset({429, 503})
"""Statuses that, with a time to wait, concern the whole receiver and not only one message."""

PERMANENT = frozenset({"refused_address", "smtp_permanent", "recipient", "render", "invalid"})
"""Error classes that another try would not change."""


def is_retried(judgement: Judgement, outcome: Outcome) -> bool:
    """Return whether another try may succeed."""
    if judgement.permanent is not None:
        return not judgement.permanent
    if isinstance(outcome, Response) and judgement.error_class == "status":
        return outcome.status in RETRIED_STATUSES or outcome.status in SERVER_ERRORS
    return judgement.error_class not in PERMANENT


def delay(retry: Retry, tries: int, jitter: float, retry_after: float | None = None) -> float | None:
    """Return the seconds until the next try, or None when the schedule is spent.

    ``tries``: failed ones so far, at least 1. ``jitter``: a random number from -1 to 1. ``retry_after``:
    seconds that the receiver asked for, which can delay a try but not advance it.
    """
    schedule = SCHEDULES[retry] if isinstance(retry, str) else retry
    if tries > len(schedule):
        return None
    planned = schedule[tries - 1] * (1 + JITTER * jitter)
    return max(planned, min(retry_after or 0.0, MAX_RETRY_AFTER_SECONDS))


def held_back_for(judgement: Judgement, outcome: Outcome) -> float | None:
    """Return for how many seconds a receiver wants no messages at all; None if it did not ask for that."""
    if judgement.retry_after:
        return min(judgement.retry_after, MAX_RETRY_AFTER_SECONDS)
    if isinstance(outcome, Response) and outcome.status in HOLDING_BACK:
        return outcome.retry_after or None
    return None
