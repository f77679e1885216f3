"""Times and delays as they are typed: --since, --until and --retry."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backendai_notification_cli.commands.notification.channel.retry_plan import parse_retry
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.times import local_time, parse_time, timestamp

NOW = datetime(2025, 11, 23, 12, 0, tzinfo=UTC)
ID = "550e8400-e29b-41d4-a716-446655440000"
CHANNELS = "/notifications/channels"
Run = Callable[..., Any]


@pytest.fixture
def seoul(zone: Callable[[str], None]) -> None:
    """Be nine hours ahead of UTC."""
    zone("KST-9")


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        (" 24h ", timedelta(hours=24)),
        ("7d", timedelta(days=7)),
        ("0s", timedelta(0)),
    ],
)
def test_duration_is_that_long_ago(text: str, ago: timedelta) -> None:
    """A number with s, m, h or d is a time before now."""
    assert parse_time(text, NOW) == NOW - ago


@pytest.mark.usefixtures("seoul")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-11-23T10:00:00Z", "2025-11-23T10:00:00.000000Z"),
        ("2025-11-23T10:00:00.5+01:00", "2025-11-23T09:00:00.500000Z"),
        ("2025-11-23T10:00", "2025-11-23T01:00:00.000000Z"),
        ("2025-11-23 10:00:01", "2025-11-23T01:00:01.000000Z"),
        ("2025-11-23", "2025-11-22T15:00:00.000000Z"),
    ],
)
def test_iso_time_is_local_without_a_zone(text: str, expected: str) -> None:
    """An ISO 8601 time counts in its own zone, and in this machine's if it names none."""
    assert timestamp(parse_time(text, NOW)) == expected


@pytest.mark.parametrize(
    "text", ["", "5", "5x", "-5m", "1.5h", "٣m", "yesterday", "999999999d", "0001-01-01T00:00+14:00"]
)
def test_other_text_is_no_time(text: str) -> None:
    """Anything else, and what lies before the calendar, is refused in one line that says what is expected."""
    with pytest.raises(CliError) as refused:
        parse_time(text, NOW)
    assert refused.value.message == (
        f"'{text}' is not a time: expected 30s, 15m, 24h or 7d (ago), or an ISO 8601 time"
    )


@pytest.mark.usefixtures("seoul")
def test_local_time_for_people() -> None:
    """A timestamp is shown in this machine's zone; what is none is shown as it is."""
    assert local_time("2025-11-23T10:00:00.000000Z") == "2025-11-23 19:00:00"
    assert local_time("soon") == "soon"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("standard", "standard"),
        ("FAST", "fast"),
        ("none", "none"),
        ("5s,1m,30m,2h", [5, 60, 1800, 7200]),
        ("1, 12h ,43200", [1, 43200, 43200]),
        (",".join(["7"] * 20), [7] * 20),
    ],
)
def test_retry_is_a_word_or_delays(text: str, expected: object) -> None:
    """--retry is one of three words, or 1 to 20 delays of 1 s to 12 h; plain numbers are seconds."""
    assert parse_retry(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is no delay: expected standard, fast, none, or a list like 5s,1m,30m,2h"),
        ("slow", "'slow' is no delay: expected standard, fast"),
        ("5s,,1m", "'' is no delay: expected"),
        ("5s,fast", "'fast' is no delay: expected"),
        ("1.5", "'1.5' is no delay: expected"),
        ("٣", "'٣' is no delay: expected"),
        ("0", "'0' is no delay: it must be 1s to 12h"),
        ("13h", "'13h' is no delay: it must be 1s to 12h"),
        (",".join(["7"] * 21), "expected at most 20 delays, not 21"),
    ],
)
def test_retry_that_cannot_be_meant(service: Any, run: Run, text: str, message: str) -> None:
    """A plan that the service would refuse is a wrong call, without a request."""
    result = run("notification", "channel", "update", ID, "--retry", text)
    assert (result.exit_code, service.requests) == (2, [])
    assert f"Error: Invalid value for '--retry': {message}" in result.stderr


def test_retry_is_sent(service: Any, run: Run) -> None:
    """Create and update send the plan, as the word or as seconds; update needs nothing else."""
    service.answers("POST", CHANNELS, {"channel": {"id": ID}}, status=201)
    service.answers("PATCH", f"{CHANNELS}/{ID}", {"channel": {"id": ID}})
    run("notification", "channel", "create", "Ops", "https://ops.example.com", "--retry", "5s,1m")
    assert service.last["body"]["retry"] == [5, 60]
    assert run("notification", "channel", "update", ID, "--retry", "none").exit_code == 0
    assert service.last["body"] == {"retry": "none"}


def test_resume(service: Any, run: Run) -> None:
    """Resume is one request, and shows the channel."""
    service.answers("POST", f"{CHANNELS}/{ID}/resume", {"channel": {"id": ID, "state": "active"}})
    result = run("notification", "channel", "resume", ID)
    assert (result.exit_code, result.stderr) == (0, f"✓ Channel resumed: {ID}\n")
    assert '"state": "active"' in result.stdout
    assert len(service.requests) == 1
