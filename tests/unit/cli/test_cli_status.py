"""backend.ai notification status."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import backendai_notification_cli
from backendai_notification_cli import __version__
from backendai_notification_cli.commands.notification import status, status_text
from local.waiting import until

COMMAND = ("notification", "status")
PATH = "/notifications/status"
MEASURED = "2026-11-29T20:58:00.000000Z"
PACKAGES = Path(backendai_notification_cli.__file__).parents[1]
Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("utc")


def ago(**time: float) -> str:
    """Return the API's timestamp of so long ago."""
    return (datetime.now(UTC) - timedelta(**time)).isoformat().replace("+00:00", "Z")


def counts(since: str | None = None, **day: int) -> dict[str, Any]:
    """Return counts of which a part is of the last hour."""
    return {"hour": {"delivered": 2}, "day": day, "since": since or ago(days=1)}


def channel(name: str, state: str, **more: Any) -> dict[str, Any]:
    """Return a channel as the status tells it."""
    success = {"last_success_at": ago(hours=3, seconds=5), "deliveries": counts(delivered=9)}
    return {"id": "c", "name": name, "channel_type": "webhook", "state": state, **success, **more}


def queue(name: str, waiting: int, age: int | None, measured: str | None = None, **more: int) -> Any:
    """Return a queue as the status tells it."""
    counted = {"name": name, "waiting": waiting, "in_flight": 0, "delayed": 0, **more}
    return {**counted, "oldest_age_seconds": age, "age_measured_at": measured}


def found(**changes: Any) -> dict[str, Any]:
    """Return a status."""
    names = ("events", "deliveries", "slow", "dead_events", "dead_hints")
    return {
        "at": "2026-11-29T21:00:00.000000Z",
        "service_version": "0.2.0",
        "well": True,
        "problems": [],
        "channels": [channel("Ops", "active")],
        "deliveries": counts(delivered=9, failed=1),
        "events": counts(dispatched=4),
        "mutes": [],
        "queues": [queue(name, 0, 0) for name in names],
        "overdue_seconds": 0,
        **changes,
    }


UNWELL = found(
    well=False,
    problems=["The channel Bad is suspended: 503", "1 event is in a dead letter queue"],
    channels=[channel("Bad", "suspended", last_success_at=None), channel("Many", "active", deliveries=None)],
    queues=[
        queue("events", 0, 0),
        queue("deliveries", 312, 299, MEASURED, in_flight=1, delayed=2),
        queue("dead_events", 1, None),
    ],
    overdue_seconds=1200,
    overdue={"since": "2026-11-29T20:40:00.000000Z", "event_id": "e", "delivery_id": "e_r"},
)


def test_all_is_well(service: Any, run: Run) -> None:
    """A service that is well is told at a glance, with exit code 0; times in a pipe are RFC 3339."""
    well = found()
    success = well["channels"][0]["last_success_at"]
    service.answers("GET", PATH, well)
    result = run(*COMMAND)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "All is well",
        "Channels: 1 active",
        f"  Ops (active): last success {success}; 1 h: 2 delivered; 24 h: 9 delivered",
        "Deliveries: 1 h: 2 delivered; 24 h: 9 delivered, 1 failed",
        "Events: 1 h: 2 delivered; 24 h: 4 dispatched",
        "Mutes in force: none",
        "Queues:",
        "  events: 0 waiting",
        "  deliveries: 0 waiting",
        "  deliveries to slow receivers: 0 waiting",
        "  dead letters: 0 waiting",
        "  dead letters of deliveries: 0 waiting",
        "Overdue: nothing",
        f"Versions: service 0.2.0, command line {__version__}",
        "As of: 2026-11-29T21:00:00.000000Z",
    ]


def test_what_is_not_well(service: Any, run: Run) -> None:
    """What is not well is told first, with exit code 3; what is not known is said so."""
    service.answers("GET", PATH, UNWELL)
    result = run(*COMMAND)
    assert result.exit_code == 3
    assert result.stdout.splitlines()[:6] == [
        "Not well: 2 to look at",
        "  ! The channel Bad is suspended: 503",
        "  ! 1 event is in a dead letter queue",
        "Channels: 1 suspended, 1 active",
        "  Bad (suspended): no success; 1 h: 2 delivered; 24 h: 9 delivered",
        "  Many (active): not counted",
    ]
    assert (
        "\nQueues:\n"
        "  events: 0 waiting\n"
        f"  deliveries: 312 waiting, 1 in flight, 2 delayed; oldest 4m (measured {MEASURED})\n"
        "  dead letters: 1 waiting; oldest unknown\n"
    ) in result.stdout
    assert "\nOverdue: for 1200 s\n  See: delivery info e_r\n" in result.stdout


def test_an_overdue_event(service: Any, run: Run) -> None:
    """What shows an event that is due itself, without a delivery, is another command."""
    service.answers("GET", PATH, {**UNWELL, "overdue": {"event_id": "e", "delivery_id": None}})
    assert "\nOverdue: for 1200 s\n  See: event info e\n" in run(*COMMAND).stdout


def test_a_service_that_tells_no_ages(service: Any, run: Run) -> None:
    """A service of an earlier release has no ages: what waits is told, its age as unknown."""
    former = {"name": "events", "waiting": 2, "in_flight": 0, "delayed": 0}
    service.answers("GET", PATH, found(queues=[former, {**former, "waiting": 0}]))
    told = run(*COMMAND).stdout
    assert "\nQueues:\n  events: 2 waiting; oldest unknown\n  events: 0 waiting\nOverdue" in told


def test_a_text_of_others_stays_on_its_line(service: Any, run: Run) -> None:
    """A line break in a receiver's answer, a channel's name or a mute's reason makes no line of its own."""
    mute = {"id": "m", "reason": "a\nb", "until": None}
    service.answers(
        "GET",
        PATH,
        found(
            well=False,
            problems=["The channel Bad is failing: status 500: a\nno\n"],
            channels=[channel("B\nad", "failing")],
            mutes=[mute],
        ),
    )
    told = run(*COMMAND).stdout
    assert (
        "\n  ! The channel Bad is failing: status 500: a\\nno\nChannels: 1 failing\n  B\\nad (failing)"
        in told
    )
    assert "\n  a\\nb: everything (m)\n" in told


def test_what_went_wrong_is_listed_by_a_command(service: Any, run: Run) -> None:
    """What failed within the last hour is not counted alone: the command that lists it is named."""
    events = found()["events"] | {"hour": {"dispatched": 1, "dead_letter": 2}}
    service.answers(
        "GET", PATH, found(well=False, problems=["2 events ended as dead letters"], events=events)
    )
    assert run(*COMMAND).stdout.splitlines()[1:3] == [
        "  ! 2 events ended as dead letters",
        "  See: event list --status dead_letter --since 1h",
    ]


@pytest.mark.parametrize("reply", [{}, {"well": True}, found(channels="none"), "<html>"])
def test_it_cannot_be_told(service: Any, run: Run, reply: Any) -> None:
    """A reply that does not tell it is exit code 1, not 0."""
    service.answers("GET", PATH, reply)
    assert run(*COMMAND).exit_code == 1


def test_nobody_answers(service: Any, run: Run) -> None:
    """A service that is down is exit code 1."""
    service.close()
    assert run(*COMMAND).exit_code == 1


def test_partial_counts_are_told(service: Any, run: Run) -> None:
    """Counts of less than a day are told with their beginning."""
    service.answers("GET", PATH, found(deliveries=counts("2099-01-01T10:00:00.000000Z", delivered=9)))
    assert "24 h: 9 delivered; only those since 2099-01-01T10:00:00.000000Z\n" in run(*COMMAND).stdout


def test_many_channels_are_not_all_listed(service: Any, run: Run) -> None:
    """All channels that are not well are listed, and some of the others."""
    many = [channel(f"Bad {number}", "failing") for number in range(30)]
    many += [channel(f"Good {number}", "active") for number in range(30)]
    service.answers("GET", PATH, found(channels=many))
    told = run(*COMMAND).stdout
    assert (told.count("  Bad "), told.count("  Good ")) == (30, status_text.WELL_CHANNELS)
    assert "  ... and 10 more that are well\n" in told


def test_mutes_are_told(service: Any, run: Run) -> None:
    """Mutes that are in force are told with their reason, their end, and what they are about."""
    about = {"rule_id": None, "channel_id": None, "rule_type": None}
    mutes = [
        {**about, "id": "m1", "reason": "Upgrade", "until": "2026-11-29T22:00:00.000000Z"},
        {**about, "id": "m2", "reason": "Weekends", "until": None, "channel_id": "c", "rule_type": "a.b"},
        {**about, "id": "m3", "reason": "Batch", "until": None, "where": ["status=ERROR", "!x"]},
        {**about, "id": "m4", "reason": "Rule", "until": None, "rule_id": "r1"},
    ]
    service.answers("GET", PATH, found(mutes=mutes))
    told = run(*COMMAND)
    assert told.exit_code == 0
    assert (
        "\nMutes in force: 4\n"
        "  Upgrade until 2026-11-29T22:00:00.000000Z: everything (m1)\n"
        "  Weekends: channel Ops; type a.b (m2)\n"
        "  Batch: where status=ERROR and !x (m3)\n"
        "  Rule: rule r1 (m4)\n"
    ) in told.stdout


def test_as_json(service: Any, run: Run) -> None:
    """The API's document can be had as JSON, with the same exit code."""
    service.answers("GET", PATH, UNWELL)
    result = run(*COMMAND, "-o", "json")
    assert (result.exit_code, json.loads(result.stdout)) == (3, UNWELL)


def test_watch(service: Any, run: Run, pauses: list[float]) -> None:
    """--watch looks again and again, past failures that pass, until something fails for good."""
    service.answers("GET", PATH, found())
    service.answers("GET", PATH, {"title": "Broken"}, status=500)
    service.answers("GET", PATH, UNWELL)
    service.answers("GET", PATH, {"title": "Not for you"}, status=403)
    result = run(*COMMAND, "--watch")
    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if line.startswith(("All", "Not"))] == [
        "All is well",
        "Not well: 2 to look at",
    ]
    assert "Trying again until it answers" in result.stderr
    assert pauses == [status.WATCH_SECONDS] * 3


def test_watch_for_programs(service: Any, run: Run, pauses: list[float]) -> None:
    """As JSON each look is a line of its own, which a program can read as it comes."""
    service.answers("GET", PATH, found())
    service.answers("GET", PATH, UNWELL)
    service.answers("GET", PATH, {"title": "Not for you"}, status=403)
    looks = run(*COMMAND, "--watch", "-o", "json").stdout.splitlines()
    assert [json.loads(look)["well"] for look in looks] == [True, False]
    assert len(pauses) == len(looks)


def test_watch_on_a_terminal(service: Any) -> None:
    """On a terminal each look takes the place of the one before, and Ctrl-C ends it with 130."""
    service.answers("GET", PATH, found())
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "backendai_notification_cli", *COMMAND, "--watch"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""

        def seen() -> bool:
            nonlocal shown
            shown += os.read(ours, 65536)
            return b"As of:" in shown

        until("a status is shown", seen, 30)
        process.send_signal(2)
        assert process.wait(30) == 130
    os.close(ours)
    assert shown.startswith(status.CLEAR.encode())
    assert b"All is well" in shown
