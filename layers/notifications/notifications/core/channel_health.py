"""The health of channels: everything that decides it. Others store and do what is decided here.

**Theory of operation.** A channel that is well has no health record, so a batch that meets only such channels
reads nothing and writes nothing of them. The first failure makes a record, the first success after it drops
the record again. Only a suspension lasts: while it does, deliveries are held, and one of them, the probe, is
sent now and then. When the receiver takes anything, the suspension ends, and the held deliveries are released
a portion at a time; the record is dropped when nothing held is left.

| In state | what happens | becomes | function |
|---|---|---|---|
| well, failing | attempts fail | failing, or suspended if they are many or have lasted | ``after_failures`` |
| failing | an attempt succeeds | well | ``after_success`` |
| suspended | a probe is due | suspended, with a longer pause before the next | ``next_probe`` |
| suspended | a probe, or what an operator sent again, succeeds | releasing | ``after_success`` |
| suspended | rules were written | suspended; what they withhold was skipped | ``rules_looked_at`` |
| any but well | an operator resumes, changes or deletes it | releasing | ``reconfigured``, ``resumed`` |
| any | the receiver answers 410 | gone (the channel is disabled); releasing if suspended | ``gone`` |
| not suspended | deliveries turn out to be held | releasing | ``held_after_all`` |
| releasing | nothing held was found by the sweeper | well; gone, if it is gone | ``released`` |

``slow`` is beside these states: it picks the lane.

**Races.** Many processes learn of one channel at the same time, and none of them locks its record. The store
adds up the failures in one step, so that none is lost. Which process sees the number reach the limit does not
matter, because suspending twice is the same as once. A change that makes sense only during a suspension
carries ``only_if="suspended"``, because the sweeper must not write the pause of a probe into the record of a
channel that was resumed a moment before. Forgetting carries ``only_if="not suspended"``, because the success
that asks for it may have been judged with a health that is older than a suspension. And a process that read
the health just before a suspension ended may hold a delivery after all held ones were released. Therefore
whoever holds one reads the health once more (``held_after_all``), and only the sweeper, a minute later, ends
a release (``released``).
"""

from collections.abc import Mapping
from dataclasses import field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from notifications.core.attempt_summary import AttemptSummary
from notifications.core.model import Channel
from notifications.core.pauses import doubled
from notifications.core.values import value

SUSPEND_AFTER_FAILURES = 100
"""So many failures in a row, with no success between, suspend a channel."""

SUSPEND_NOT_BEFORE = timedelta(minutes=1)
"""Nothing suspends a channel sooner after its first failure: a burst is over by then."""

SUSPEND_AFTER = timedelta(days=3)
MIN_FAILURES = 5
"""Or failing all the time for so long, with no fewer attempts than this."""

FIRST_PROBE = timedelta(minutes=1)
LAST_PROBE = timedelta(hours=1)
"""The pauses between probes double from the first to this."""

MAX_HELD = timedelta(days=14)
"""What is held for longer ends as failed; it can still be replayed."""

SLOW_SECONDS = 2.0
"""A receiver that needs longer gets its messages through the slow queue, where it delays no other."""

State = Literal["active", "failing", "suspended", "disabled"]


@value
class Health:
    """What is remembered of a channel whose receiver is not well; of the others nothing is.

    ``failures``: attempts that failed since the last success, the first of them at ``failing_since``;
    ``repeated``: how many of them count towards a suspension.
    ``reason``: why the last one did. ``slow``: it answers too late for the fast lane. ``gone``: it answered
    410. ``releasing``: it is well again, and what was held goes out. ``rules_seen``: how many writes of rules
    there were when it was last looked for what is held and may not be sent any more.
    """

    channel_id: str
    failures: int = 0
    repeated: int = 0
    failing_since: datetime | None = None
    reason: str | None = None
    slow: bool = False
    suspended_at: datetime | None = None
    probe_at: datetime | None = None
    probes: int = 0
    releasing: bool = False
    gone: bool = False
    rules_seen: int | None = None

    @property
    def suspended(self) -> bool:
        """Return whether its messages are held."""
        return self.suspended_at is not None


@value
class Change:
    """What a transition writes, and what must be done once it is written.

    ``sets``: fields of the health; None removes one. ``forgets``: the whole record goes instead. ``only_if``:
    what must be true in the store for it. ``releases``: then what is held goes out.
    """

    sets: Mapping[str, Any] = field(default_factory=dict)
    forgets: bool = False
    only_if: Literal["suspended", "not suspended"] | None = None
    releases: bool = False


_DEFAULTS: dict[str, Any] = {each.name: each.default for each in fields(Health)}

_NO_FAILURES: dict[str, Any] = dict.fromkeys(("failures", "repeated", "failing_since", "reason"))
_NO_SUSPENSION: dict[str, Any] = dict.fromkeys(("suspended_at", "probe_at", "probes", "rules_seen"))


def changed(health: Health, change: Change) -> Health:
    """Return a health with the fields that a change sets."""
    sets = {name: _DEFAULTS[name] if value is None else value for name, value in change.sets.items()}
    return replace(health, **sets)


def after_success(health: Health | None, summary: AttemptSummary) -> Change | None:
    """Follow a batch in which the receiver took at least one message; None if nothing changes."""
    if health is None:
        return None
    if health.suspended:
        return resumed()
    # Half of the lane's limit: a receiver that responds just in time would change lanes with every batch.
    fast = summary.fastest is not None and summary.fastest < SLOW_SECONDS / 2
    if health.releasing or (health.slow and not fast):  # the record stays, but the failures are over
        return Change(_NO_FAILURES) if health.failures else None
    return Change(forgets=True, only_if="not suspended")


def after_failures(health: Health, now: datetime) -> Change | None:
    """Suspend a channel if its failures, the last ones counted in, are many or have lasted."""
    if not must_suspend(health, now):
        return None
    # ``releasing`` goes, because a release of an earlier suspension must not go on during this one.
    begun = {"suspended_at": now, "probe_at": now + pause(0), "probes": 0, "releasing": None}
    return Change(begun)


def after_hurry(health: Health | None) -> Change | None:
    """Remember that a receiver is too slow for the fast lane."""
    return None if health is not None and health.slow else Change({"slow": True})


def gone(health: Health | None, reason: str) -> Change:
    """Remember why a channel was disabled; what is held for it is released, and ends as skipped."""
    known = {"gone": True, "reason": reason}
    if health is None or not health.suspended:
        return Change(known)
    return Change({**resumed().sets, **known}, releases=True)


def resumed() -> Change:
    """End a suspension, with all that was counted towards it."""
    return Change({"releasing": True} | _NO_SUSPENSION | _NO_FAILURES, releases=True)


def reconfigured(health: Health | None, *, enabled: bool) -> Change | None:
    """Begin anew after an operator changed or resumed a channel, which is ``enabled`` or not now.

    Why a receiver disabled its channel stays known until somebody enables it.
    """
    if health is None or (health.gone and not enabled):
        return None
    return Change({**resumed().sets, "gone": None}, releases=True) if health.gone else resumed()


def held_after_all(health: Health | None) -> Change | None:
    """Release what was held for a channel whose suspension has ended at that moment."""
    return None if health is not None and health.suspended else Change({"releasing": True}, releases=True)


def next_probe(health: Health, now: datetime) -> Change | None:
    """Plan the probe after the one that is due now; None if none is due."""
    if health.probe_at is None or health.probe_at > now:
        return None
    probes = health.probes + 1
    return Change({"probe_at": now + pause(probes), "probes": probes}, only_if="suspended")


def rules_looked_at(rule_writes: int) -> Change:
    """Remember after which write of rules the held deliveries were looked at."""
    return Change({"rules_seen": rule_writes}, only_if="suspended")


def released(health: Health | None) -> Change | None:
    """End a release: the sweeper found nothing that is held any more."""
    if health is None or not health.releasing:
        return None
    return Change({"releasing": None}) if health.gone else Change(forgets=True, only_if="not suspended")


def must_suspend(health: Health, now: datetime) -> bool:
    """Return whether the failures are many, repeated and unbroken, or have lasted for days."""
    if health.suspended or health.failing_since is None:
        return False
    # Two conditions, because a seldom used channel never collects 100 failures, and a busy one collects them
    # within seconds, before it is clear that the failures last.
    lasting = now - health.failing_since
    if health.failures >= MIN_FAILURES and lasting >= SUSPEND_AFTER:
        return True
    return health.repeated >= SUSPEND_AFTER_FAILURES and lasting >= SUSPEND_NOT_BEFORE


def pause(probes: int) -> timedelta:
    """Return how long to wait before the next probe. ``probes``: how many were sent so far."""
    return timedelta(seconds=doubled(FIRST_PROBE.total_seconds(), LAST_PROBE.total_seconds(), probes))


def state(channel: Channel, health: Health | None) -> tuple[State, str | None]:
    """Return how a channel is, and why."""
    if not channel.enabled:
        return "disabled", health.reason if health is not None and health.gone else None
    if health is None:
        return "active", None
    since = f"{health.failures} attempts failed in a row since {_shown(health.failing_since)}"
    if health.suspended:
        return "suspended", f"{since}; the last: {health.reason}. Next probe at {_shown(health.probe_at)}"
    if health.failures:
        return "failing", f"{since}; the last: {health.reason}"
    return "active", f"answers after more than {SLOW_SECONDS:g} s" if health.slow else None


def _shown(timestamp: datetime | None) -> str:
    return timestamp.strftime("%Y-%m-%dT%H:%M:%SZ") if timestamp else "?"
