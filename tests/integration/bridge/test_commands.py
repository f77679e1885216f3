"""The commands that look into a spool while a bridge may be running on it."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from backendai_notification_bridge.cli import main
from backendai_notification_bridge.core.events import Event
from backendai_notification_bridge.spool.rows import Raw
from backendai_notification_bridge.spool.spool import Round, Spool

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
MADE = {"type": "agent.error", "id": "f" * 64, "detail": {"agent_id": "i-1"}}
LINES: list[Mapping[str, Any]] = [
    {
        "came": "10:30",
        "via": "stream",
        "name": "agent_error",
        "source": "i-1",
        "dropped": None,
        "events": [MADE],
    },
    {
        "came": "10:31",
        "via": "pubsub",
        "name": "scheduling",
        "source": "i-2",
        "dropped": "repeat",
        "events": [],
    },
]

Ask = Callable[..., Result]


@pytest.fixture
def ask(spool_file: Path) -> Ask:
    """Run a command with the spool's settings."""
    settings = {
        "BACKENDAI_BRIDGE_VALKEY__ADDR": "127.0.0.1:1",
        "BACKENDAI_BRIDGE_BUS__NAME": "bus",
        "BACKENDAI_BRIDGE_SPOOL__FILE": str(spool_file),
    }
    return lambda *arguments: CliRunner().invoke(main, list(arguments), env=settings)


@pytest.fixture(autouse=True)
def _filled(spool: Spool) -> None:
    """Have an event to put, two entries set aside, and two lines to tell."""
    spool.keep([Raw("pubsub", NOW, b"{}"), Raw("key", NOW, b"[]")], {"read: pubsub": 2}, {})
    refused = [(each, "no name") for each in spool.fresh(2)]
    made = [(Event("agent.error", {"agent_id": "i-1"}, "f" * 64, NOW), True)]
    counts = {"made: agent.error": 1, "quarantined: entry": 2}
    settled = Round(spool.memory(), events=made, refused=refused, lines=LINES)
    settled.counts.update(counts)
    spool.settle(settled)


def test_stats_tells_what_waits_and_what_was_counted(ask: Ask) -> None:
    """As a table, and as JSON."""
    document = json.loads(ask("stats", "--json").stdout)
    assert document["waiting"] == {"events": 1, "heard": 0, "quarantine": 2}
    assert document["counters"]["made: agent.error"] == 1
    assert document["lag_seconds"] > 0
    assert "  made: agent.error                                   1\n" in ask("stats").stdout


def test_tail_tells_what_was_made_of_what(ask: Ask) -> None:
    """The last lines; whole events as JSON."""
    assert ask("tail").stdout.splitlines() == [
        "10:30  stream agent_error from i-1  ->  agent.error ffffffffffff",
        "10:31  pubsub scheduling from i-2  ->  dropped: repeat",
    ]
    (last,) = ask("tail", "-n", "1", "--json").stdout.splitlines()
    assert json.loads(last) == LINES[1]
    assert ask("tail", "-n", "0").stdout == ""


def test_the_quarantine_is_listed_and_tried_again(ask: Ask, spool: Spool) -> None:
    """By number, or all of it."""
    first, second = (json.loads(line) for line in ask("quarantine", "list", "--json").stdout.splitlines())
    assert (first["what"], first["reason"], first["text"], second["what"]) == (
        "pubsub",
        "no name",
        "{}",
        "key",
    )
    assert "pubsub: no name\n        {}\n" in ask("quarantine", "list", "--limit", "1").stdout
    assert ask("quarantine", "retry", str(second["number"])).stdout == "1 will be tried again.\n"
    assert [each.raw.via for each in spool.fresh(9)] == ["key"]
    assert ask("quarantine", "retry", "--all").stdout == "1 will be tried again.\n"
    assert ask("quarantine", "list").stdout == "The quarantine is empty.\n"


@pytest.mark.parametrize("arguments", [(), ("1", "--all")])
def test_whoever_retries_says_what(ask: Ask, arguments: tuple[str, ...]) -> None:
    """Numbers or all, not both and not neither."""
    ended = ask("quarantine", "retry", *arguments)
    assert ended.exit_code == 2
    assert "Give numbers" in ended.stderr


def test_a_number_that_is_not_there_is_told(ask: Ask, spool: Spool) -> None:
    """What is there is tried again all the same, and the exit code tells of the other."""
    (first, *_) = (json.loads(line) for line in ask("quarantine", "list", "--json").stdout.splitlines())
    ended = ask("quarantine", "retry", str(first["number"]), "4711")
    assert ended.exit_code == 1
    assert ended.stdout == "1 will be tried again.\n"
    assert "1 of the numbers are not in the quarantine" in ended.stderr
    assert [each.raw.via for each in spool.fresh(9)] == ["pubsub"]
