"""The times of mutes, as people type them and as they are told."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backendai_notification_cli.commands.notification.mute import times
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal import zones
from tests.unit.cli.mutes import MUTE_ID, MUTES, Run, created, mute

Zone = Callable[[str], None]


def test_create_says_until_when_in_local_time(service: Any, run: Run, zone: Zone) -> None:
    """What was meant is seen at once, whatever zone it was given in."""
    zone("UTC")
    service.answers("POST", MUTES, {"mute": mute()}, 201)
    result = run("notification", "mute", "create", "--reason", "r", "--everything", "--for", "2h")
    assert result.stderr == f"✓ Mute created: {MUTE_ID}\n✓ In force until 2099-01-15 12:30 UTC\n"
    assert json.loads(result.stdout)["id"] == MUTE_ID


def test_create_says_when_the_first_window_opens(service: Any, run: Run, zone: Zone) -> None:
    """A weekly mute may begin later."""
    zone("UTC")
    service.answers("POST", MUTES, {"mute": mute(state="waiting")}, 201)
    window = "sat 00:00-24:00 Asia/Seoul"
    result = run("notification", "mute", "create", "--reason", "r", "--everything", "--weekly", window)
    assert "✓ In force from 2099-01-15 12:30 UTC\n" in result.stderr


def test_a_length_counts_from_now(service: Any, run: Run) -> None:
    """--for is an end like any other."""
    body = created(service, run, "--everything", "--for", "2h")
    left = datetime.fromisoformat(body["until"]) - datetime.now(UTC)
    assert timedelta(minutes=119) < left <= timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("06:00", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), datetime(2026, 1, 16, 6, tzinfo=UTC)),
        ("23:30", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), datetime(2026, 1, 15, 23, 30, tzinfo=UTC)),
        ("23:00", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), datetime(2026, 1, 16, 23, tzinfo=UTC)),
        ("24:00", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), None),
        ("6:00", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), datetime(2026, 1, 16, 6, tzinfo=UTC)),
    ],
)
def test_a_time_of_day_is_the_next_one(
    text: str, now: datetime, expected: datetime | None, zone: Zone
) -> None:
    """06:00 is tomorrow's if it is past six today."""
    zone("UTC")
    assert times.next_time(text, now) == expected


@pytest.mark.parametrize(
    ("window", "sent"),
    [
        ("sat,sun 00:00-24:00 Asia/Seoul", "sat,sun 00:00-24:00 Asia/Seoul"),
        ("mon-fri 22:00-07:00", "mon-fri 22:00-07:00 Europe/Berlin"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_window_without_a_zone_is_in_this_machines(
    service: Any, run: Run, monkeypatch: pytest.MonkeyPatch, window: str, sent: str
) -> None:
    """What is no window at all is left to the service, which says what is right."""
    monkeypatch.setenv("TZ", ":Europe/Berlin")
    assert created(service, run, "--everything", "--weekly", window)["weekly"] == [sent]


def test_the_zone_that_was_taken_is_told(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever named none sees which one it was."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    service.answers("POST", MUTES, {"mute": mute()}, 201)
    options = ("--weekly", "mon 22:00-07:00", "--weekly", "sat 00:00-24:00 UTC")
    result = run("notification", "mute", "create", "--reason", "r", "--everything", *options)
    told = [line for line in result.stderr.splitlines() if "time zone" in line]
    assert told == ["✓ In the time zone of this machine: mon 22:00-07:00 Europe/Berlin"]


def test_a_machine_without_a_zone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules like those of POSIX have no name that the service knows."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    with pytest.raises(CliError, match="needs a time zone, as in 'mon 00:00-12:00 Asia/Seoul'"):
        times.with_zone("mon 00:00-12:00")
    monkeypatch.delenv("TZ")
    monkeypatch.setattr(zones, "_LOCALTIME", "/nowhere")
    assert zones.local_zone() is None
