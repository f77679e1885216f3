"""How fast backend.ai notification delivery retry goes, and how it waits where that is too fast."""

from collections.abc import Callable
from typing import Any

import pytest

from backendai_notification_cli.terminal.bulk import Pace
from tests.unit.cli.records import DELIVERIES, delivery, page
from tests.unit.cli.retries import FAILED, Clock, found, many, retried

Run = Callable[..., Any]


def test_too_many_requests_are_waited_out(service: Any, run: Run, clock: Clock) -> None:
    """A delivery that met 429 is tried again after a growing pause, and counts as retried."""
    path = f"{DELIVERIES}/{delivery()['id']}/retry"
    service.answers("GET", f"{DELIVERIES}?*", page(delivery()))
    for _ in range(4):
        service.answers("POST", path, {"message": "Too Many Requests"}, status=429)
    service.answers("POST", path, {"delivery": delivery()}, status=202)
    result = run(*FAILED, "--yes")
    assert (result.exit_code, clock.pauses) == (0, [1, 2, 4, 8])
    assert result.stderr.endswith("✓ 1 retried\n")


def test_too_many_requests_for_too_long(service: Any, run: Run, clock: Clock) -> None:
    """Where 429 does not end, the delivery counts as failed after five tries."""
    service.answers("GET", f"{DELIVERIES}?*", page(delivery()))
    refusal = {"message": "Too Many Requests"}
    service.answers("POST", f"{DELIVERIES}/{delivery()['id']}/retry", refusal, status=429)
    result = run(*FAILED, "--yes")
    assert (result.exit_code, len(retried(service)), len(clock.pauses)) == (1, 5, 4)
    assert "✗ 1 failed\n" in result.stderr
    assert result.stderr.endswith("answered HTTP 429: Too Many Requests\n")


@pytest.mark.parametrize(("flags", "pause"), [([], 0.05), (["--rate", "4"], 0.25)])
def test_rate(service: Any, run: Run, clock: Clock, flags: list[str], pause: float) -> None:
    """Retries follow each other at the rate that is asked for, 20 a second by default."""
    found(service, *many(4))
    run(*FAILED, "--yes", *flags)
    assert clock.pauses == [pause] * 3


def test_pace_does_not_catch_up(clock: Clock) -> None:
    """After a slow call the next one comes at once, but not all that were due meanwhile."""
    pace = Pace(2)
    pace.wait()
    clock.now += 10
    pace.wait()
    pace.wait()
    assert clock.pauses == [0.5]
