"""Make all faults on a deployed stack, wait until everything has come to its end, and judge."""

import time
from collections.abc import Collection, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

from local.common import Tell
from local.stack import Stack
from tests.faults import apis, bridges, busy, changes, collapsed, held, kills, messages, misbehaving, poison
from tests.faults.fault import Evidence, Fault
from tests.faults.fixtures import Fixtures
from tests.faults.results import Row, judge
from tests.proxy.proxy import Proxy
from tests.stack.exchanges import ReceivedRequest
from tests.stack.receivers import Receivers
from tests.stack.records import Recorded
from tests.stack.under_test import StackUnderTest

FULL: tuple[type[Fault], ...] = (
    held.Forgotten,  # its purge must not take others' messages
    busy.Outage,  # its events come again up to 15 minutes after it
    kills.KilledBeforeClaim,  # the queue gives its events again after six minutes
    poison.TimedOut,
    poison.Killed,
    poison.Aborted,
    poison.Unplannable,
    kills.KilledBeforePost,
    kills.KilledDuring,
    kills.KilledAfter,
    kills.RetryKilledDuring,
    kills.RetryKilledAfter,
    kills.KilledAtRandom,
    apis.Throttled,
    apis.Unprocessed,
    apis.LostResponses,
    apis.Conditions,
    apis.QueueRefuses,
    busy.HotKey,
    held.Busy,
    held.Suspended,
    collapsed.Digests,
    messages.Duplicates,
    messages.OutOfOrder,
    messages.Poison,
    changes.CredentialChanged,
    changes.RuleDeleted,
    changes.ChannelDeleted,
    changes.EventTypeDeleted,
    misbehaving.Resets,
    misbehaving.ResetsTwice,
    misbehaving.Hangs,
    misbehaving.ByteByByte,
    misbehaving.Endless,
    misbehaving.Garbage,
    misbehaving.EndlessHeaders,
    misbehaving.Flaps,
    misbehaving.Redirects,
    misbehaving.NotFound,
    misbehaving.Gone,
    misbehaving.RetryAfter,
    *bridges.FAULTS,
)

LONG = (
    busy.Outage,
    kills.KilledBeforeClaim,
    kills.KilledAtRandom,
    held.Suspended,
    apis.Throttled,
    poison.TimedOut,
    poison.Unplannable,
    collapsed.Digests,
    *bridges.FAULTS,
)
"""What the short form leaves out: it needs minutes, or many events."""

FULL_SECONDS = 900.0
SHORT_SECONDS = 150.0
QUIET_SECONDS = 3.0
"""How long duplicates may still come in after the last record was written."""

STALE = timedelta(seconds=8)
"""The short form takes a function for dead that has had something for so long."""


def chosen(only: Collection[str], *, short: bool) -> list[type[Fault]]:
    """Choose the faults that are named, or else all of a form."""
    if only:
        return [kind for kind in FULL if kind.__name__ in only]
    return [kind for kind in FULL if not (short and kind in LONG)]


def make_faults(stack: Stack, kinds: Sequence[type[Fault]], *, short: bool, tell: Tell) -> list[Row]:
    """Make faults; return the rows of the table.

    Raises:
        StackError: a fault cannot be made.
    """
    with ExitStack() as exits:
        under_test = StackUnderTest(stack)
        receivers = exits.enter_context(Receivers(under_test.ministack))
        proxy = exits.enter_context(Proxy(under_test.ministack, stack.port))
        fixtures = Fixtures(under_test, receivers, proxy, short, tell)
        if short:  # on a stack that others go on using
            exits.callback(under_test.clean)
        faults = [kind(fixtures) for kind in kinds]
        tell(f"Preparing {len(faults)} faults ...")
        for fault in faults:
            fault.prepare()
        exits.callback(under_test.set_endpoint, None)
        under_test.set_endpoint(proxy.url)
        for fault in faults:
            tell(f"{fault.name} ...")
            fault.provoke()
        evidence = _evidence(fixtures, faults)
    return [judge(fault, evidence) for fault in faults]


def _evidence(fixtures: Fixtures, faults: Sequence[Fault]) -> Evidence:
    ids = [event_id for fault in faults for event_id in fault.events]
    records = _wait(fixtures, ids)
    time.sleep(QUIET_SECONDS)
    receivers = fixtures.receivers
    received: dict[str, list[ReceivedRequest]] = {}
    for request in receivers.received():
        received.setdefault(request.webhook_id, []).append(request)
    return Evidence(records, received, receivers.provoked(), receivers.peak_memory(), fixtures.proxy.made())


def _wait(fixtures: Fixtures, ids: Sequence[str]) -> dict[str, Recorded]:
    """Wait until everything has come to its end, or is given up as lost; return the records."""
    started = time.monotonic()
    seconds = SHORT_SECONDS if fixtures.short else FULL_SECONDS
    found: dict[str, Recorded] = {}
    told = 0.0
    while True:
        for event_id in ids:
            if event_id not in found or not found[event_id].final:
                found[event_id] = fixtures.stack.records.of(event_id)
        open_ids = [event_id for event_id in ids if not found[event_id].final]
        waited = time.monotonic() - started
        if not open_ids or waited > seconds:
            return found
        if waited - told >= 30 or not told:
            told = waited or told
            fixtures.tell(f"Waiting for {len(open_ids)} of {len(ids)} events, {waited:.0f} s so far ...")
        if fixtures.short:
            _hurry(fixtures.stack, [found[event_id] for event_id in open_ids])
        time.sleep(2)


def _hurry(stack: StackUnderTest, recorded: Sequence[Recorded]) -> None:
    """Let the sweeper find now what a dead function had, and what no queue knows of."""
    stale = (datetime.now(UTC) - STALE).isoformat()
    past = "2020-01-01T00:00:00.000000Z"
    for item in recorded:
        with suppress(ClientError):  # it has come to its end just now
            if item.event and item.event["status"] == "dispatching" and item.event["updated_at"] < stale:
                stack.records.make_due(item.event, lease=past)
            for delivery in item.deliveries.values():
                if delivery["status"] == "pending" and delivery.get("next_attempt_at", stale) < stale:
                    stack.records.make_due(delivery)
    stack.sweep()
