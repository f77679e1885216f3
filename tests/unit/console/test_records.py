"""What the console's pages of events and deliveries decide, beside the service and the command line."""

import shlex
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backendai_notification_cli.commands.notification.delivery.deliveries import (
    KEPT_BACK,
    ON_REQUEST,
    STATUSES,
)
from backendai_notification_cli.terminal import visible as cli_visible
from backendai_notification_cli.terminal.times import parse_time
from tests.unit.console.node import Ask

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
MS = round(NOW.timestamp() * 1000)

times = st.integers(0, 120).map(lambda seconds: (NOW + timedelta(seconds=seconds)).isoformat())


VERDICTS = ["fires", "collected", "observes", "failed", "muted", "repeated", "withheld", "empty", None]


@given(
    verdicts=st.lists(st.sampled_from([*VERDICTS, "unmet"]), max_size=100),
    seen=st.lists(st.sampled_from(["1", '"x"', "absent"]), min_size=1),
)
def test_each_rule_is_in_one_group(ask_records: Ask, verdicts: list[str | None], seen: list[str]) -> None:
    """Groups have each rule once, those that send first and the unmet ones last; so have their leaves."""
    rules: list[dict[str, Any]] = [
        {"rule_id": f"{number}", "name": None, "verdict": verdict, "delivery": None}
        | {"deciding": {"path": "a", "seen": seen[number % len(seen)]} if number % 3 else None}
        for number, verdict in enumerate(verdicts)
    ]
    groups = ask_records("grouped", rules)
    order = [*VERDICTS, "unmet"]
    assert [group["verdict"] for group in groups] == [name for name in order if name in verdicts]
    ids = sorted(str(rule["rule_id"]) for rule in rules)
    assert sorted(rule["rule_id"] for group in groups for rule in group["rules"]) == ids
    leaves = ask_records("byLeaf", rules)
    assert sum(len(leaf["rules"]) for leaf in leaves) == len(rules)
    for leaf in leaves:
        assert {(rule["deciding"] or {}).get("seen") for rule in leaf["rules"]} == {leaf["seen"]}


def delivery(status: str, attempts: list[str], **more: Any) -> dict[str, Any]:
    """Make a delivery's document."""
    made = {"id": "e_r", "rule_id": "r", "status": status, "updated_at": NOW.isoformat()}
    return {**made, "attempts": [{"at": at} for at in attempts], "attempt_count": len(attempts), **more}


@given(attempts=st.lists(times, max_size=5), status=st.sampled_from(STATUSES))
def test_steps_are_in_the_order_of_time(ask_records: Ask, attempts: list[str], status: str) -> None:
    """An event comes and is decided; what was tried then is in the order of time, and what is to be, last."""
    due = (NOW + timedelta(hours=1)).isoformat()
    event = {"status": "dispatched", "timestamp": NOW.isoformat(), "created_at": NOW.isoformat()}
    explanation = {"as_of": NOW.isoformat(), "rules": []}
    found = ask_records(
        "steps", event, explanation, [delivery(status, sorted(attempts), next_attempt_at=due)]
    )
    assert [step["kind"] for step in found[:2]] == ["came", "decided"]
    tried = [step for step in found if step["kind"] == "attempt"]
    assert [step["at"] for step in tried] == sorted(attempts)
    assert [step["number"] for step in tried] == [*range(1, len(attempts) + 1)]
    assert ("waits" in {step["kind"] for step in found}) == (status == "pending")
    assert len({step["key"] for step in found}) == len(found)


@pytest.mark.parametrize(
    ("event", "explanation", "kinds"),
    [
        ({}, {}, ["came", "earlier", "attempt", "decided", "attempt"]),
        ({"status": "dispatching"}, {}, ["came", "attempt", "attempt"]),
        # When these were decided is not known, or is told as the time of their records.
        ({}, {"approximate": True}, ["came", "decided", "attempt", "attempt"]),
        ({"rule_type": "notification.digest"}, {}, ["came", "decided", "attempt", "attempt"]),
    ],
)
def test_what_an_earlier_dispatch_tried_stands_above_what_the_last_decided(
    ask_records: Ask, event: dict[str, Any], explanation: dict[str, Any], kinds: list[str]
) -> None:
    """Attempts before the time of the decisions come of an earlier dispatch, whose own are not kept."""
    came, decided = NOW.isoformat(), (NOW + timedelta(minutes=5)).isoformat()
    tried = [delivery("delivered", [(NOW + timedelta(minutes=at)).isoformat()]) for at in (6, 1)]
    found = ask_records(
        "steps",
        {"status": "dispatched", "timestamp": came, "created_at": came, **event},
        {"as_of": decided, "rules": [], **explanation},
        tried,
    )
    assert [step["kind"] for step in found] == kinds
    times = [step["at"] for step in found if step["kind"] == "attempt"]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("event", "status", "in_seconds", "expected"),
    [
        (None, None, None, 1),
        ("dispatching", None, None, 1),
        ("dispatched", "delivered", None, 0),
        ("dispatched", "collected", None, 0),
        ("dispatched", "pending", 0, 1),
        ("dispatched", "pending", 30, 2),
        ("dispatched", "pending", 3_600, 15),
        ("dispatched", "held", None, 15),
    ],
)
def test_a_page_looks_again_as_long_as_something_may_come(
    ask_records: Ask, event: str | None, status: str | None, in_seconds: int | None, expected: int
) -> None:
    """What is about to happen is looked for each second, what is far off seldom, and what has ended not."""
    due = None if in_seconds is None else (NOW + timedelta(seconds=in_seconds)).isoformat()
    told = {
        "event": event and {"status": event},
        "explanation": {"rules": [{"delivery": status and {"status": status}}]},
        "deliveries": [delivery(status, [], next_attempt_at=due)] if status else [],
    }
    assert ask_records("lookAgain", told, MS) == expected


rows = st.lists(
    st.builds(
        lambda number, created, updated: {"id": f"e{number}", "created_at": created, "updated_at": updated},
        st.integers(0, 9),
        times,
        times,
    ),
    max_size=15,
)


@given(listed=rows, news=rows)
def test_a_list_has_each_event_once(
    ask_records: Ask, listed: list[dict[str, str]], news: list[dict[str, str]]
) -> None:
    """Whatever comes in which order, the list has each event once, the newest first, as it was last."""
    known = ask_records("merged", [], listed)
    made = ask_records("merged", known, news)
    assert len({row["id"] for row in made}) == len(made)
    assert {row["id"] for row in made} == {row["id"] for row in [*listed, *news]}
    assert [row["created_at"] for row in made] == sorted((row["created_at"] for row in made), reverse=True)
    for row in made:
        assert row["updated_at"] == max(
            one["updated_at"] for one in [*listed, *news] if one["id"] == row["id"]
        )


def test_what_is_left_out_of_bulk_retries_is_what_the_command_line_leaves_out(ask_records: Ask) -> None:
    """The page and ``delivery retry`` agree about each status and reason, asked for or not."""
    reasons = [None, "status 503", *(f"{start}x" for start in KEPT_BACK)]
    for status, reason, query in product(
        STATUSES, reasons, ({}, {"status": "x"}, {"mute": "x"}, {"rule": "x"})
    ):
        left_out = status in ON_REQUEST or (reason or "").startswith(KEPT_BACK)
        expected = left_out and not query.keys() & {"status", "mute"}
        assert ask_records("isLeftOut", {"id": "d", "status": status, "reason": reason}, query) == expected


def test_retries_go_on_past_failures(ask_records: Ask) -> None:
    """Each is retried once, again after a 429, and one that fails stops no other."""
    made = ask_records("retried", [[202], [409], [429, 202]])
    assert made["asked"] == ["0", "1", "2", "2"]
    assert made["told"] == [[1, 0], [1, 1], [2, 1]]
    assert [failure["id"] for failure in made["progress"]["failures"]] == ["1"]


def test_retries_can_be_stopped(ask_records: Ask) -> None:
    """What was not asked for when somebody stops it is never asked for, and not counted as failed."""
    made = ask_records("retried", [[202], [202], [202]], 2)
    assert made["asked"] == ["0", "1"]
    assert made["progress"] == {"done": 2, "of": 3, "failures": []}


@pytest.mark.parametrize(
    "text", ["30s", "15m", " 24h ", "7d", "2026-01-15", "2026-01-15T09:00", "2026-01-15 09:00:30.5"]
)
def test_times_are_read_as_the_command_line_reads_them(ask_records: Ask, text: str) -> None:
    """A duration ago, or ISO 8601, in the zone of this machine if it names none."""
    assert datetime.fromisoformat(ask_records("parseTime", text, MS)) == parse_time(text, NOW)


@pytest.mark.parametrize("text", ["", "5", "h", "yesterday", "2026-13-01", "15/01/2026", "9m9"])
def test_other_texts_are_no_times(ask_records: Ask, text: str) -> None:
    """What is no time is not taken for one."""
    assert ask_records("parseTime", text, MS) is None


def test_commands_are_for_a_shell(ask_records: Ask) -> None:
    """A shell makes the filters of the command that was shown, whatever is in them."""
    clause = 'name="it\'s $(x)"*'
    told = ask_records(
        "eventCommand", {"where": f"{clause}\n!reason", "since": "1h", "rule_type": "a.b"}, False
    )
    words = ["event", "list", "--since", "1h", "--rule-type", "a.b", "--where", clause, "--where", "!reason"]
    assert shlex.split(told) == words
    assert shlex.split(ask_records("eventCommand", {"since": "1h"}, True)) == ["event", "tail"]
    told = ask_records("deliveryCommand", "retry", {"status": "failed", "since": "24h"}, "--dry-run")
    assert shlex.split(told) == ["delivery", "retry", "--status", "failed", "--since", "24h", "--dry-run"]


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_control_characters_are_shown_as_the_command_line_shows_them(ask_records: Ask, text: str) -> None:
    """What would move a cursor or turn the writing direction is shown as its code."""
    assert ask_records("visible", text) == cli_visible.visible(text)
    assert ask_records("visibleText", text) == cli_visible.visible_text(text)


@pytest.mark.parametrize(
    ("text", "most", "expected"), [("abc", 3, "abc"), ("abcd", 3, "abc…"), ("a\N{GRINNING FACE}b", 2, "a…")]
)
def test_a_text_is_cut_between_characters(ask_records: Ask, text: str, most: int, expected: str) -> None:
    """No half of a character is left over."""
    assert ask_records("cut", text, most) == expected


@pytest.mark.parametrize(
    ("ms", "expected"),
    [(0, "0.00 s"), (140, "0.14 s"), (23_000, "23 s"), (320_000, "5 min 20 s"), (7_320_000, "2 h 2 min")],
)
def test_how_long_something_took(ask_records: Ask, ms: int, expected: str) -> None:
    """Short times have hundredths, long ones their two largest units."""
    assert ask_records("elapsed", ms) == expected
