"""The health of channels: everything that decides it. Others store and execute what is decided here.

**Theory of operation.** A channel that is well has no health record, so a batch with only such channels reads
and writes nothing about them. The first failure makes a record, and the first success after it drops the
record again. Only a suspension lasts: while it does, deliveries are held, and one of them, the probe, is sent
now and then. When the receiver accepts a message, the suspension ends, and the held deliveries are released a
portion at a time; the record is dropped when no held delivery is left.

| In state | what happens | becomes | function |
|---|---|---|---|
| well, failing | attempts fail | failing, or suspended if they are many or have lasted | ``after_failures`` |
| failing | an attempt succeeds | well | ``after_success`` |
| suspended | a probe is due | suspended, with a longer pause before the next | ``next_probe`` |
| suspended | a probe, or a delivery that an operator retried, succeeds | releasing | ``after_success`` |
| suspended | rules were written | suspended; deliveries that they withhold are skipped | ``rules_looked_at``
| | any but well | an operator resumes, changes or deletes it | releasing | ``reconfigured``, ``resumed`` | |
any | the receiver responds with 410 | gone (the channel is disabled); releasing if suspended | ``gone`` | |
not suspended | deliveries turn out to be held | releasing | ``held_after_all`` | | releasing | the sweeper
finds no held delivery | well; gone, if it is gone | ``released`` |

``slow`` is independent of these states: it picks the lane. So is ``held_back_until``: the receiver asked for
no message before that time, so ``after_success`` keeps the record until then.

**Races.** Many processes learn of one channel at the same time, and none of them locks its record. The store
adds up the failures in one step, so that none is lost. Which process sees the number reach the limit does not
matter, because suspending twice is the same as once. A change that makes sense only during a suspension
carries ``only_if="suspended"``, because the sweeper must not write the time of a probe into the record of a
channel that was resumed a moment before. Forgetting carries ``only_if="over"``, because the success that
causes it may have been judged by a health that was read before a suspension, or before the receiver asked to
wait. And a process that read the health just before a suspension ended may hold a delivery after all held
ones were released. Therefore a process that holds one reads the health once more (``held_after_all``), and
only the sweeper, a minute later, ends a release (``released``).
"""

from collections.abc import Mapping
from dataclasses import field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from notifications.core.attempt_summary import AttemptSummary
from notifications.core.model import Channel
from notifications.core.pauses import doubled
from notifications.core.search import Summary
from notifications.core.texts import counted
from notifications.core.values import value

SUSPEND_AFTER_FAILURES = 100
"""How many failures in a row, without a success in between, suspend a channel."""

SUSPEND_NOT_BEFORE = timedelta(minutes=1)
"""How long after its first failure a channel can be suspended at the earliest, because bursts are over by
then."""

SUSPEND_AFTER = timedelta(days=3)
MIN_FAILURES = 5
"""A channel is also suspended if at least ``MIN_FAILURES`` attempts have failed in ``SUSPEND_AFTER`` without
a success."""

FIRST_PROBE = timedelta(minutes=1)
LAST_PROBE = timedelta(hours=1)
"""The pauses between probes double from ``FIRST_PROBE`` up to this."""

MAX_HELD = timedelta(days=14)
"""How long a delivery is held before it fails; it can still be retried by hand."""

SLOW_SECONDS = 2.0
"""The fast lane's limit. A slower receiver gets its messages through the slow queue, where it delays no
other."""

State = Literal["active", "failing", "suspended", "disabled"]


@value
class Health:
    """The health of a channel that is not well; a healthy one has no record.

    ``failures``: how many attempts have failed since the last success, the first of them at
    ``failing_since``. ``repeated``: how many of them count towards a suspension. ``reason``: that of the last
    failure. ``slow``: whether the receiver is too slow for the fast lane. ``gone``: whether it responded with
    410. ``releasing``: whether held deliveries are being released after a suspension. ``rules_seen``: the
    number of rule writes when the held deliveries were last checked against their rules. ``held_back_until``:
    until when the receiver asked to wait. ``ordinary``: how many of the failures were not of operational
    events; operators are notified only of these.
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
    held_back_until: datetime | None = None
    ordinary: int = 0

    @property
    def suspended(self) -> bool:
        """Return whether its deliveries are held."""
        return self.suspended_at is not None

    def holds_back(self, now: datetime) -> bool:
        """Return whether the receiver asked for no message before a time that is still to come."""
        return self.held_back_until is not None and self.held_back_until > now


@value
class Change:
    """A transition: what to write, and what to do afterwards.

    ``sets``: the fields of the health to set; None removes one. ``forgets``: whether to delete the whole
    record instead. ``only_if``: the condition of the write; "over" means that the channel is neither
    suspended nor held back. ``releases``: whether to release the held deliveries afterwards.
    """

    sets: Mapping[str, Any] = field(default_factory=dict)
    forgets: bool = False
    only_if: Literal["suspended", "over"] | None = None
    releases: bool = False


_DEFAULTS: dict[str, Any] = {each.name: each.default for each in fields(Health)}

_NO_FAILURES: dict[str, Any] = dict.fromkeys(("failures", "repeated", "ordinary", "failing_since", "reason"))
_NO_SUSPENSION: dict[str, Any] = dict.fromkeys(("suspended_at", "probe_at", "probes", "rules_seen"))


def changed(health: Health, change: Change) -> Health:
    """Return the health with the fields that a change sets."""
    sets = {name: _DEFAULTS[name] if value is None else value for name, value in change.sets.items()}
    return replace(health, **sets)


def ends_suspension(before: Health, change: Change) -> bool:
    """Return whether a change ended a suspension. ``before``: the health that was stored before it."""
    return before.suspended and "suspended_at" in change.sets and change.sets["suspended_at"] is None


def after_success(health: Health | None, summary: AttemptSummary, now: datetime) -> Change | None:
    """Return the change after a batch in which the receiver accepted a message; None if there is none."""
    if health is None:
        return None
    if health.suspended:
        return resumed()
    # Half of the lane's limit, or a receiver that responds just in time would change lanes with every batch.
    fast = summary.fastest is not None and summary.fastest < SLOW_SECONDS / 2
    if health.releasing or health.holds_back(now) or (health.slow and not fast):
        return Change(_NO_FAILURES) if health.failures else None  # the record stays
    return Change(forgets=True, only_if="over")


def after_failures(health: Health, now: datetime) -> Change | None:
    """Suspend a channel if its failures, including the latest, are many or have lasted; else return None."""
    if not must_suspend(health, now):
        return None
    # Remove ``releasing``, because the release of an earlier suspension must not go on during this one.
    begun = {"suspended_at": now, "probe_at": now + pause(0), "probes": 0, "releasing": None}
    return Change(begun)


def after_timeout(health: Health | None) -> Change | None:
    """Mark a receiver as too slow for the fast lane."""
    return None if health is not None and health.slow else Change({"slow": True})


def gone(health: Health | None, reason: str) -> Change:
    """Record why a channel was disabled. Its held deliveries are released, and end as skipped."""
    known = {"gone": True, "reason": reason}
    if health is None or not health.suspended:
        return Change(known)
    return Change({**resumed().sets, **known}, releases=True)


def resumed() -> Change:
    """End a suspension, and reset everything that was counted towards it."""
    return Change({"releasing": True} | _NO_SUSPENSION | _NO_FAILURES, releases=True)


def reconfigured(health: Health | None, *, enabled: bool) -> Change | None:
    """Start over after an operator changed or resumed a channel. ``enabled``: whether it is enabled now.

    If the receiver disabled the channel with a 410, the reason stays until somebody enables the channel.
    """
    if health is None or (health.gone and not enabled):
        return None
    return Change({**resumed().sets, "gone": None}, releases=True) if health.gone else resumed()


def held_after_all(health: Health | None) -> Change | None:
    """Release deliveries that were held just as the channel's suspension ended."""
    return None if health is not None and health.suspended else Change({"releasing": True}, releases=True)


def next_probe(health: Health, now: datetime) -> Change | None:
    """Schedule the next probe if one is due now; return None if none is due."""
    if health.probe_at is None or health.probe_at > now:
        return None
    probes = health.probes + 1
    return Change({"probe_at": now + pause(probes), "probes": probes}, only_if="suspended")


def rules_looked_at(rule_writes: int) -> Change:
    """Record the number of rule writes up to which the held deliveries were checked."""
    return Change({"rules_seen": rule_writes}, only_if="suspended")


def released(health: Health | None) -> Change | None:
    """End a release, because the sweeper found no held delivery."""
    if health is None or not health.releasing:
        return None
    return Change({"releasing": None}) if health.gone else Change(forgets=True, only_if="over")


def must_suspend(health: Health, now: datetime) -> bool:
    """Return whether the failures are many, or have lasted for days."""
    if health.suspended or health.failing_since is None:
        return False
    # There are two conditions, because a channel that is seldom used never collects 100 failures, and a busy
    # one collects them within seconds, before it is clear that the failures last.
    lasting = now - health.failing_since
    if health.failures >= MIN_FAILURES and lasting >= SUSPEND_AFTER:
        return True
    return health.repeated >= SUSPEND_AFTER_FAILURES and lasting >= SUSPEND_NOT_BEFORE


def pause(probes: int) -> timedelta:
    """Return the pause before the next probe. ``probes``: how many were sent so far."""
    return timedelta(seconds=doubled(FIRST_PROBE.total_seconds(), LAST_PROBE.total_seconds(), probes))


def state(channel: Channel | Summary, health: Health | None) -> tuple[State, str | None]:
    """Return a channel's state, and the reason for it."""
    if not channel.enabled:
        return "disabled", health.reason if health is not None and health.gone else None
    if health is None:
        return "active", None
    attempts = counted(health.failures, "attempt", "attempts")
    since = f"{attempts} failed in a row since {_shown(health.failing_since)}"
    if health.suspended:
        return "suspended", f"{since}; the last: {health.reason}. Next probe at {_shown(health.probe_at)}"
    if health.failures:
        return "failing", f"{since}; the last: {health.reason}"
    return "active", f"answers after more than {SLOW_SECONDS:g} s" if health.slow else None


def _shown(timestamp: datetime | None) -> str:
    return timestamp.strftime("%Y-%m-%dT%H:%M:%SZ") if timestamp else "?"
