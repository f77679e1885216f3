"""What became of a batch's events is told as metrics."""

import json

import pytest

from dispatcher.counting import count
from dispatcher.sending import Report
from notifications.core.event_records import EventRecord, EventStatus
from notifications.core.rule_types import HEARTBEAT

TOLD = ("EventsDispatched", "EventsUnmatched", "EventsRefused", "Heartbeats", "FirstAttemptMilliseconds")


def report(status: EventStatus, came: str | None = None, *, name: str = "a.b", copy: bool = False) -> Report:
    """Make the report of an event of ``came`` that ended at ten past ten."""
    end = "2026-01-15T10:10:00.000000Z"
    return Report(EventRecord("e", name, status, None, "{}", came, end, end), copy=copy)


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """Read the metrics of the one line that was written."""
    line = json.loads(capsys.readouterr().out)
    return {name: line[name] for name in TOLD if name in line}


def test_each_event_counts_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Events count by what they came to; copies, which were counted when they first came, do not."""
    came = "2026-01-15T10:09:58.500000Z"
    count(
        [
            report("dispatched", came),
            report("dispatched", came, copy=True),
            report("unmatched", came, name=HEARTBEAT),
            report("refused"),
            report("refused"),
        ]
    )
    assert told(capsys) == {
        "EventsDispatched": 1,
        "EventsUnmatched": 1,
        "EventsRefused": 2,
        "Heartbeats": 1,
        "FirstAttemptMilliseconds": [1500.0],
    }


def test_clock_of_a_sender_that_is_ahead(capsys: pytest.CaptureFixture[str]) -> None:
    """No event counts as sent before it happened."""
    count([report("dispatched", "2026-01-15T10:10:07Z")])
    assert told(capsys) == {"EventsDispatched": 1, "FirstAttemptMilliseconds": [0.0]}


def test_nothing_but_copies(capsys: pytest.CaptureFixture[str]) -> None:
    """A batch of copies writes no line."""
    count([report("dispatched", copy=True)])
    assert not capsys.readouterr().out
