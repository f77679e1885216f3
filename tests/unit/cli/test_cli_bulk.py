"""backend.ai notification delivery retry, of all that match."""

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

import backendai_notification_cli
from backendai_notification_cli.cli import main
from tests.unit.cli.records import CHANNEL_ID, DELIVERIES, DELIVERY_ID, delivery, page
from tests.unit.cli.retries import FAILED, RETRY, Clock, found, many, retried

PACKAGES = Path(backendai_notification_cli.__file__).parents[1]
Run = Callable[..., Any]


@pytest.mark.usefixtures("clock")
def test_all_that_match_are_retried(service: Any, run: Run) -> None:
    """Everything is listed before the first retry, then each one is retried once, with the same body."""
    found(service, *many(5))
    result = run(*FAILED, "--channel", CHANNEL_ID, "--render", "--yes")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Retrying 5 deliveries\n✓ 5 retried\n"
    assert [request["method"] for request in service.requests] == ["GET"] * 3 + ["POST"] * 5
    assert retried(service) == [f"event-{number}" for number in range(5)]
    assert all(request["body"] == {"message": "rendered"} for request in service.requests[3:])
    asked = dict(parse_qsl(urlsplit(service.requests[0]["path"]).query))
    assert asked == {"channel": CHANNEL_ID, "limit": "200", "status": "failed"}


@pytest.mark.usefixtures("clock")
def test_quiet_says_nothing_of_how_far_it_is(service: Any, run: Run) -> None:
    """With --quiet, what all went well with says nothing."""
    found(service, *many(2))
    assert run(*FAILED, "--channel", CHANNEL_ID, "--yes", "-q").output == ""


@pytest.mark.parametrize("output", [["-o", "json"], ["--jq", "."]])
@pytest.mark.usefixtures("clock")
def test_programs_are_told_what_was_retried(service: Any, run: Run, output: list[str]) -> None:
    """With an option about the output, what was retried is listed as it is now; of nothing, none."""
    found(service, *many(2))
    retried_now = json.loads(run(*FAILED, "--yes", *output).stdout)
    assert [each["id"] for each in retried_now] == [each["id"] for each in many(2)]


@pytest.mark.usefixtures("clock")
def test_a_role_that_may_not_is_told_once(service: Any, run: Run) -> None:
    """Of whoever may retry nothing, the first refusal is told and no other is asked for."""
    service.answers("GET", f"{DELIVERIES}?*", page(*many(3)))
    for each in many(3):
        problem = {"title": "Forbidden", "msg": "This needs the role operator"}
        service.answers("POST", f"{DELIVERIES}/{each['id']}/retry", problem, status=403)
    result = run(*FAILED, "--yes")
    assert (result.exit_code, len(retried(service))) == (1, 1)
    assert "✗ This needs the role operator\n" in result.stderr


def test_programs_are_told_that_nothing_was_retried(service: Any, run: Run) -> None:
    """Where nothing matches, JSON is an empty list."""
    found(service)
    assert json.loads(run(*FAILED, "--yes", "-o", "json").stdout) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["--since", "24h"], ["event-0", "event-2"]),
        (["--status", "pending"], ["event-1"]),
        (["--status", "skipped"], ["event-4", "event-5"]),
    ],
)
@pytest.mark.usefixtures("clock")
def test_what_is_not_meant_to_be_sent_must_be_asked_for(
    service: Any, run: Run, filters: list[str], expected: list[str]
) -> None:
    """What is tried anyway, has arrived, or was kept back on purpose is left out, unless --status asks."""
    every = [
        delivery(0),
        delivery(1, status="pending"),
        delivery(2, status="held"),
        delivery(3, status="delivered"),
        delivery(4, status="skipped", reason="repeat of event-0_r (2nd in 10m)"),
        delivery(5, status="skipped", reason="muted: night (mute m)"),
    ]
    found(service, *(one for one in every if "--since" in filters or one["status"] == filters[-1]))
    assert run(*RETRY, *filters, "--yes").exit_code == 0
    assert retried(service) == expected


def test_dry_run_sends_nothing(service: Any, run: Run) -> None:
    """--dry-run lists what would be retried, says how many, asks nothing and retries none."""
    found(service, *many(3))
    result = run(*FAILED, "--dry-run")
    assert (result.exit_code, result.stdout.count("ID: event-")) == (0, 3)
    assert result.stdout.endswith("Created: 2025-11-23T10:00:00.000000Z\n---\n")
    assert result.stderr == "✓ 3 deliveries would be retried\n"
    assert retried(service) == []


@pytest.mark.parametrize(
    ("flags", "out", "err"),
    [
        (["--dry-run"], "No deliveries found\n", "✓ 0 deliveries would be retried\n"),
        (["--yes"], "", "✓ No deliveries to retry\n"),
    ],
)
def test_nothing_matches(service: Any, run: Run, flags: list[str], out: str, err: str) -> None:
    """Where nothing matches there is nothing to do, and that is no failure."""
    found(service)
    result = run(*FAILED, *flags)
    assert (result.exit_code, result.stdout, result.stderr) == (0, out, err)


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ([], 2, "Give a DELIVERY_ID or at least one filter."),
        (["--yes", "--render"], 2, "Give a DELIVERY_ID or at least one filter."),
        ([DELIVERY_ID, "--status", "failed"], 2, "cannot be used together with filters"),
        ([DELIVERY_ID, "--dry-run"], 2, "cannot be used together with filters or --dry-run"),
        (["--status", "failed", "--rate", "51"], 2, "'51' is not a whole number from 1 to 50."),
        (["--since", "1h", "--until", "2h", "--yes"], 2, "Nothing is between"),
        (
            ["--status", "failed"],
            1,
            "✗ Cannot ask for confirmation without a terminal: give --yes or --dry-run\n",
        ),
    ],
)
def test_refuses(service: Any, run: Run, args: list[str], code: int, message: str) -> None:
    """A call that could mean everything, or two things, or that cannot ask, sends nothing at all."""
    result = run(*RETRY, *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert message in result.stderr


@pytest.mark.parametrize(("answer", "code", "count"), [(b"y\n", 0, 2), (b"n\n", 1, 0), (b"\n", 1, 0)])
def test_confirmation(service: Any, answer: bytes, code: int, count: int) -> None:
    """On a terminal it asks, with the number; without a yes nothing is retried."""
    found(service, *many(2))
    terminal, its_end = pty.openpty()
    os.write(terminal, answer)
    done = subprocess.run(
        [sys.executable, "-m", "backendai_notification_cli", *FAILED],
        env={**os.environ, "PYTHONPATH": str(PACKAGES)},
        stdin=its_end,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    os.close(terminal)
    os.close(its_end)
    assert (done.returncode, len(retried(service))) == (code, count), done
    assert "Retry 2 deliveries? [y/N]:" in done.stderr
    assert ("✗ Nothing was retried" in done.stderr) == (count == 0)


def test_failures_do_not_end_it(service: Any, run: Run, clock: Clock) -> None:
    """Failures are counted; the first ten are told, the others numbered; the exit code is 1."""
    everything = many(14)
    service.answers("GET", f"{DELIVERIES}?*", page(*everything))
    for item in everything[:12]:
        problem = {"title": "Conflict", "msg": f"No\nchannel {item['event_id']}"}
        service.answers("POST", f"{DELIVERIES}/{item['id']}/retry", problem, status=409)
    for item in everything[12:]:
        service.answers("POST", f"{DELIVERIES}/{item['id']}/retry", {"delivery": item}, status=202)
    result = run(*FAILED, "--yes")
    lines = result.stderr.splitlines()
    assert (result.exit_code, len(retried(service))) == (1, 14)
    assert lines[:4] == [
        "Retrying 14 deliveries",
        "✓ 2 retried",
        "✗ 12 failed",
        f"  {everything[0]['id']}: No\\nchannel event-0",
    ]
    assert (len(lines), lines[-1]) == (14, "  and 2 more")
    assert len(clock.pauses) == 13


def test_ctrl_c_tells_how_far_it_came(
    service: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C in the middle says how many were retried, and exits 130."""
    found(service, *many(3))

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)
    monkeypatch.setattr(sys, "argv", ["backend.ai", *FAILED, "--yes", "--rate", "1"])
    assert main() == 130
    assert capsys.readouterr().err == "Retrying 3 deliveries\n✗ Interrupted: 1 of 3 deliveries retried\n"
    assert retried(service) == ["event-0"]
