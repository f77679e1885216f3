"""backend.ai notification event replay."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from backendai_notification_cli.cli import main
from tests.unit.cli.records import RULE_ID

REPLAY = ("notification", "event", "replay", "--rule", RULE_ID, "--since", "2026-01-15T00:00Z")
PATH = f"/notifications/rules/{RULE_ID}/replay"
NOTHING = dict.fromkeys(
    (
        "searched",
        "unreadable",
        "matched",
        "replayed",
        "observed",
        "already",
        "dispatching",
        "skipped",
        "failed",
    ),
    0,
)
Run = Callable[..., Any]


def page(following: str | None = None, **counts: int) -> dict[str, Any]:
    """Return a page of a replay."""
    return {**NOTHING, **counts, "next": following, "reached_at": "2026-01-15T10:00:00.000000Z"}


def test_all_pages_are_summed(service: Any, run: Run) -> None:
    """With --yes the events are replayed at once: the pages' counts are summed, told and printed."""
    service.answers("POST", PATH, page("a", searched=200, matched=120, replayed=100, already=20))
    service.answers("POST", PATH, page(searched=30, matched=8, observed=1, skipped=7))
    result = run(*REPLAY, "--until", "2026-01-16T00:00Z", "--where", "a=1", "--where", "b=2", "--yes")
    assert result.exit_code == 0
    sums = {"searched": 230, "matched": 128, "replayed": 100, "observed": 1, "already": 20, "skipped": 7}
    assert json.loads(result.stdout) == NOTHING | sums
    assert result.stderr.splitlines()[-1] == (
        "✓ 128 of 230 events met the rule: 100 queued, 1 recorded as observed,"
        " 7 skipped with an empty message, 20 with a delivery already"
    )
    span = {"since": "2026-01-15T00:00:00.000000Z", "until": "2026-01-16T00:00:00.000000Z"}
    wanted = {**span, "where": ["a=1", "b=2"], "dry_run": False}
    assert [request["body"] for request in service.requests] == [
        {**wanted, "cursor": None},
        {**wanted, "cursor": "a"},
    ]


def test_a_dry_run(service: Any, run: Run) -> None:
    """A dry run needs no confirmation, and says what would be done; the end of its range stays the same."""
    service.answers("POST", PATH, page("a", searched=1))
    service.answers("POST", PATH, page(searched=2, matched=2, replayed=1, failed=1))
    result = run(*REPLAY, "--dry-run")
    assert result.exit_code == 0
    assert result.stderr.endswith(
        "✓ 2 of 3 events met the rule: 1 would be queued, 1 would be recorded as failed\n"
    )
    first, second = (request["body"] for request in service.requests)
    assert (first["dry_run"], second["dry_run"], first["until"]) == (True, True, second["until"])


def test_nothing_matched(service: Any, run: Run) -> None:
    """If the rule is met by no event the exit code is 3."""
    service.answers("POST", PATH, page(searched=5))
    result = run(*REPLAY, "--yes")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (3, "! None of 5 events meets the rule")


def test_failures_are_a_failure(service: Any, run: Run) -> None:
    """Events whose message cannot be made end the command with 1, and a hint where the reasons are."""
    service.answers("POST", PATH, page(searched=5, matched=2, replayed=1, failed=1))
    result = run(*REPLAY, "--yes")
    assert result.exit_code == 1
    assert "✗ 1 event failed, because the message cannot be made\n" in result.stderr
    assert "delivery list --status failed" in result.stderr


def test_without_a_terminal(service: Any, run: Run) -> None:
    """Where nobody can confirm, nothing is asked for without --yes or --dry-run."""
    result = run(*REPLAY)
    assert (result.exit_code, service.requests) == (1, [])
    assert "give --yes or --dry-run" in result.stderr


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have somebody at a terminal."""
    monkeypatch.setattr("backendai_notification_cli.terminal.bulk.can_ask_for_confirmation", lambda: True)


@pytest.mark.parametrize(("said", "code"), [("y", 0), ("n", 1)])
@pytest.mark.usefixtures("terminal")
def test_confirmation_counts_first(service: Any, run: Run, said: str, code: int) -> None:
    """At a terminal the events are counted first; they are replayed only after a yes."""
    service.answers("POST", PATH, page(searched=5, matched=3, replayed=2, already=1))
    result = run(*REPLAY, stdin=said)
    assert "Replay 2 events? [y/N]" in result.stderr
    assert result.exit_code == code
    assert [request["body"]["dry_run"] for request in service.requests] == [True, False][: 2 - code]


@pytest.mark.usefixtures("terminal")
def test_nothing_is_left_to_replay(service: Any, run: Run) -> None:
    """If each event has its delivery there is nothing to confirm."""
    service.answers("POST", PATH, page(searched=5, matched=3, already=3))
    result = run(*REPLAY)
    assert (result.exit_code, len(service.requests)) == (0, 1)
    assert "✓ Nothing to replay: each of 3 events that meet the rule has a delivery" in result.stderr


def test_short_failures_are_bridged(service: Any, run: Run, pauses: list[float]) -> None:
    """A page that fails for a passing reason is asked for again, from where it was."""
    service.answers("POST", PATH, page("a", searched=1, matched=1, replayed=1))
    service.answers("POST", PATH, {"message": "Endpoint request timed out"}, status=504)
    service.answers("POST", PATH, {"message": "Too Many Requests"}, status=429)
    service.answers("POST", PATH, page(searched=1, matched=1, already=1))
    result = run(*REPLAY, "--yes")
    assert (result.exit_code, pauses) == (0, [1, 2])
    assert [request["body"]["cursor"] for request in service.requests] == [None, "a", "a", "a"]


def test_interrupted(
    service: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C says what was queued until then, and that the same command goes on; the exit code is 130."""
    service.answers("POST", PATH, page("a", searched=7, matched=7, replayed=7))
    service.answers("POST", PATH, {"title": "Busy"}, status=503)

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)
    monkeypatch.setattr("sys.argv", ["backend.ai", *REPLAY, "--yes"])
    assert main() == 130
    told = capsys.readouterr().err
    assert "✗ Interrupted: 7 queued, and perhaps some more\n  The same command continues" in told


def test_refused(service: Any, run: Run) -> None:
    """What the service refuses for good is told at once."""
    service.answers("POST", PATH, {"title": "The rule is disabled"}, status=409)
    result = run(*REPLAY, "--yes")
    assert (result.exit_code, len(service.requests)) == (1, 1)
    assert "✗ The rule is disabled" in result.stderr
