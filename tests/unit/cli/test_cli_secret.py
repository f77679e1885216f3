"""The signing secret of a channel: shown once when it is created, replaced by channel rotate-secret."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from backendai_notification_cli.terminal.times import in_words

ID = "550e8400-e29b-41d4-a716-446655440000"
CHANNELS = "/notifications/channels"
ROTATE = ("notification", "channel", "rotate-secret")
CREATE = ("notification", "channel", "create", "Ops", "https://ops.example.com")
CHANNEL = {"id": ID, "name": "Ops", "signing_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
Run = Callable[..., Any]


def test_create_says_that_the_secret_is_shown_once(service: Any, run: Run) -> None:
    """A new channel's secret is part of the JSON, and stderr says that it is not shown again."""
    service.answers("POST", CHANNELS, {"channel": CHANNEL}, status=201)
    result = run(*CREATE)
    assert json.loads(result.stdout) == CHANNEL
    assert result.stderr == (
        f"✓ Channel created: {ID}\n"
        "The signing secret is shown this once: keep it, or rotate it with channel rotate-secret.\n"
    )


@pytest.mark.parametrize("channel", [{"id": ID}, {"id": ID, "signing_secret": None}])
def test_create_without_a_secret_says_nothing_of_it(service: Any, run: Run, channel: dict[str, Any]) -> None:
    """A channel that has no secret is shown without that line."""
    service.answers("POST", CHANNELS, {"channel": channel}, status=201)
    assert run(*CREATE).stderr == f"✓ Channel created: {ID}\n"


def test_rotate_keeps_the_old_secret_for_a_day(service: Any, run: Run) -> None:
    """Rotating shows the new secret once, and tells until when the old one is valid, in local time."""
    service.answers("POST", f"{CHANNELS}/{ID}/rotate-secret", {"channel": CHANNEL})
    before = datetime.now().astimezone()
    result = run(*ROTATE, ID.upper())
    assert (result.exit_code, json.loads(result.stdout)) == (0, CHANNEL)
    assert service.last["body"] == {"keep_old_seconds": 86400}
    lines = result.stderr.splitlines()
    assert lines[:2] == [f"✓ Secret rotated: {ID}", "The signing secret is shown this once: keep it."]
    told = re.fullmatch(r"The old secret stays valid for 1 day, until (.{19}) local time\.", lines[2])
    assert told is not None
    until = datetime.fromisoformat(told[1]).astimezone()
    assert timedelta(hours=24, seconds=-1) <= until - before <= timedelta(hours=24, minutes=1)


@pytest.mark.parametrize(
    ("text", "seconds", "words"),
    [
        ("30m", 1800, "for 30 minutes, until "),
        (" 36h ", 129600, "for 36 hours, until "),
        ("7d", 604800, "for 7 days, until "),
        ("90", 90, "for 90 seconds, until "),
        ("0", 0, "The old secret is no longer valid."),
        ("0s", 0, "The old secret is no longer valid."),
    ],
)
def test_keep_old(service: Any, run: Run, text: str, seconds: int, words: str) -> None:
    """--keep-old is sent as seconds and told in words; 0 ends the old secret at once."""
    service.answers("POST", f"{CHANNELS}/{ID}/rotate-secret", {"channel": CHANNEL})
    result = run(*ROTATE, ID, "--keep-old", text)
    assert service.last["body"] == {"keep_old_seconds": seconds}
    assert words in result.stderr.splitlines()[2]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([ID, "--keep-old", "8d"], "'8d' is too long: it must be at most 7d"),
        ([ID, "--keep-old", "604801"], "'604801' is too long: it must be at most 7d"),
        ([ID, "--keep-old", ""], "'' is no duration: expected 0, 30m, 24h or 7d"),
        ([ID, "--keep-old", "-1h"], "'-1h' is no duration: expected"),
        ([ID, "--keep-old", "forever"], "'forever' is no duration: expected"),
    ],
)
def test_rotate_refuses(service: Any, run: Run, args: list[str], message: str) -> None:
    """A duration that the service would refuse, or no ID, is a wrong call, without a request."""
    result = run(*ROTATE, *args)
    assert (result.exit_code, result.stdout, service.requests) == (2, "", [])
    assert f"Error: Invalid value for '--keep-old': {message}" in result.stderr


def test_refused_rotation_claims_nothing(service: Any, run: Run) -> None:
    """When the service refuses, nothing is said of secrets."""
    problem = {"type": "t", "title": "Bad Request", "msg": "An email channel has no signing secret"}
    service.answers("POST", f"{CHANNELS}/{ID}/rotate-secret", problem, status=400)
    result = run(*ROTATE, ID)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "✗ An email channel has no signing secret\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (61, "61 seconds"), (60, "1 minute"), (5400, "90 minutes"), (172800, "2 days")],
)
def test_duration_in_words(seconds: int, words: str) -> None:
    """A duration is counted in the largest unit that it is a multiple of."""
    assert in_words(seconds) == words
