"""A rule, or a draft of one, is tried with the events that were recorded."""

import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core.model import Rule
from notifications.core.rule_types import BUILT_IN
from notifications.store import recorded_events
from tests.cloud.gateway import Answer, call
from tests.cloud.pipeline import DATA, add_channel, add_rule, document, dynamodb_calls
from tests.cloud.services import services
from tests.integration.recorded import at_minute, event

pytestmark = pytest.mark.usefixtures("cloud")

BACKTESTS = "/notifications/backtests"
ALL = {"since": "2026-01-01T00:00:00Z"}
COUNTS = ("searched", "unreadable", "hits", "empty", "failed")
READS = {"GetItem", "BatchGetItem", "Query"}
TYPE = BUILT_IN["session.started"]
MEANINGS: dict[str, list[tuple[Any, Callable[[Any], bool]]]] = {
    "session_name": [
        ("train", lambda name: name == "train"),
        ({"prefix": "te"}, lambda name: name is not None and name.startswith("te")),
        ({"exists": False}, lambda name: name is None),
        ({"anything-but": ["test"]}, lambda name: name is not None and name != "test"),
    ],
    "session_type": [
        ("batch", lambda kind: kind == "batch"),
        ({"equals-ignore-case": "INTERACTIVE"}, lambda kind: kind == "interactive"),
        ({"suffix": "h"}, lambda kind: kind == "batch"),
    ],
    "status": [
        ("RUNNING", lambda status: status == "RUNNING"),
        ({"wildcard": "*N*G"}, lambda status: status in {"RUNNING", "PENDING"}),
        ({"anything-but": {"prefix": "E"}}, lambda status: status != "ERROR"),
    ],
}
"""Alternatives of a condition, and what each means."""


def keep(events: dict[int, dict[str, Any]], **changes: Any) -> None:
    """Record events with these fields beside the required ones, by the minute."""
    services().events.put_ended(
        [
            event(
                id=f"e-{minute}",
                created_at=at_minute(minute),
                **{"document": json.dumps(document(f"e-{minute}", DATA | data)), **changes},
            )
            for minute, data in events.items()
        ]
    )


def ask(**body: Any) -> Answer:
    """Ask for one page."""
    return call("POST", BACKTESTS, ALL | body)


def pages(**body: Any) -> list[dict[str, Any]]:
    """Ask for all pages."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = ask(cursor=cursor, **body)
        assert answer.status == 200, answer.text
        found.append(answer.json)
        if (cursor := answer.json["next"]) is None:
            return found


def counts(found: list[dict[str, Any]]) -> dict[str, int]:
    """Sum up the counts of pages that are not zero."""
    sums = {name: sum(page[name] for page in found) for name in COUNTS}
    return {name: count for name, count in sums.items() if count}


def hours(found: list[dict[str, Any]]) -> dict[str, int]:
    """Sum up the hours of pages."""
    sums: Counter[str] = Counter()
    for page in found:
        sums.update(page["hours"])
    return dict(sums)


def made(**changes: Any) -> Rule:
    """Make a rule that nobody listens to."""
    return add_rule(add_channel("https://192.0.2.1/"), **changes)


def test_hits_by_the_hour_with_samples() -> None:
    """Hits are counted by the hour of recording, the first ones shown with their messages, which are cut."""
    keep({minute: {"session_name": "x" * 600} for minute in (0, 10, 29, 30, 100)})
    keep({40: {}})
    rule = made(condition={"session_name": [{"exists": True}]}, message_template="{{ session_name }}")
    (page,) = pages(rule_id=rule.id.upper())
    assert (page["searched"], page["hits"], page["rule_name"], page["enabled"]) == (6, 5, rule.name, True)
    assert page["hours"] == {
        "2026-01-15T10:00:00.000000Z": 3,
        "2026-01-15T11:00:00.000000Z": 1,
        "2026-01-15T12:00:00.000000Z": 1,
    }
    assert [each["event_id"] for each in page["samples"]] == ["e-0", "e-10", "e-29"]
    assert {(each["message"], each["message_cut"]) for each in page["samples"]} == {
        ('"' + "x" * 499 + "…", True)
    }


def test_what_makes_no_message() -> None:
    """Events whose message is empty or fails are counted, and are no hits; first failures have reasons."""
    template = "{% if session_name == 'a' %}{{ 1 // 0 }}{% elif session_name != 'b' %}1{% endif %}"
    keep({minute: {"session_name": "abc"[minute % 3]} for minute in range(21)})
    keep({30: {}}, document="not JSON")
    keep({31: {"status": 1}})
    found = pages(rule_id=made(message_template=template).id)
    assert counts(found) == {"searched": 23, "unreadable": 2, "hits": 7, "empty": 7, "failed": 7}
    assert [each["event_id"] for each in found[0]["failures"]] == ["e-0", "e-3", "e-6", "e-9", "e-12"]
    assert "line 1" in found[0]["failures"][0]["error"]


def test_a_rule_that_is_off_is_tried_as_if_it_were_on() -> None:
    """A rule that is disabled is tried all the same, and the response says that it is off."""
    keep({0: {}})
    rule = made(enabled=False)
    (page,) = pages(rule_id=rule.id)
    assert (page["hits"], page["enabled"]) == (1, False)


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_time_range_and_pages(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """However small its pages are, a backtest looks at each event of the type and the range once."""
    monkeypatch.setattr(recorded_events, "PAGE_EVENTS", limit)
    keep({minute: {} for minute in range(0, 30, 2)})
    keep({minute: {} for minute in range(1, 30, 2)}, rule_type="session.terminated")
    found = pages(rule_id=made().id, since=at_minute(4), until=at_minute(20))
    assert counts(found) == {"searched": 8, "hits": 8}
    assert max(page["searched"] for page in found) <= limit


@pytest.mark.parametrize(("kept", "queries"), [(60, 4), (0, 16)])
def test_the_index_is_read_for_several_pages(
    monkeypatch: pytest.MonkeyPatch, kept: int, queries: int
) -> None:
    """What a page has read of the index's partitions and does not need serves the next ones, for a while."""
    monkeypatch.setattr(recorded_events, "PAGE_EVENTS", 10)
    monkeypatch.setattr(recorded_events, "AHEAD_SECONDS", kept)
    keep({minute: {} for minute in range(35)})
    rule = made()
    with dynamodb_calls() as calls:
        found = pages(rule_id=rule.id)
    assert [page["searched"] for page in found] == [10, 10, 10, 5]
    assert calls.count("Query") == queries


@pytest.mark.parametrize("seed", range(12))
def test_counts_are_those_of_brute_force(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Over random conditions, of the rule and of a draft, all counts are what each event by itself says."""
    random = Random(seed)  # noqa: S311
    monkeypatch.setattr(recorded_events, "PAGE_EVENTS", 17)
    data = {minute: fields(random) for minute in range(0, 300, 5)}
    keep(data)
    (stored, meets_stored), (draft, meets_draft) = condition(random), condition(random)
    rule = made(condition=stored)
    found = pages(rule_id=rule.id, rule={"condition": draft}, compare=True)
    by_draft = {minute for minute, each in data.items() if meets_draft(DATA | each)}
    by_stored = {minute for minute, each in data.items() if meets_stored(DATA | each)}
    assert sum(page["hits"] for page in found) == len(by_draft)
    assert hours(found) == Counter(f"{at_minute(minute)[:13]}:00:00.000000Z" for minute in by_draft)
    for name, expected in (
        ("both", by_draft & by_stored),
        ("only_draft", by_draft - by_stored),
        ("only_stored", by_stored - by_draft),
    ):
        assert sum(page["difference"][name] for page in found) == len(expected), name
    named = {event_id for page in found for event_id in page["difference"]["first_only_draft"]}
    assert named <= {f"e-{minute}" for minute in by_draft - by_stored}
    alone = pages(rule_id=rule.id)
    assert sum(page["hits"] for page in alone) == len(by_stored)


def fields(random: Random) -> dict[str, Any]:
    """Make fields of an event; some are left out."""
    made = {
        "session_name": random.choice(["train", "test", None]),
        "session_type": random.choice(["batch", "interactive"]),
        "status": random.choice(["RUNNING", "ERROR", "PENDING"]),
    }
    return {name: value for name, value in made.items() if value is not None}


def condition(random: Random) -> tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]:
    """Choose a condition that some of these events meet, and say in Python what it means."""
    chosen = {
        name: random.choice(MEANINGS[name]) for name in random.sample([*MEANINGS], random.randint(1, 3))
    }
    pattern = {name: [alternative] for name, (alternative, _) in chosen.items()}
    return pattern, lambda data: all(means(data.get(name)) for name, (_, means) in chosen.items())


def test_nothing_is_sent_or_written() -> None:
    """A backtest of a draft makes no request to the receiver, and only reads the tables."""
    keep({minute: {} for minute in range(5)})
    with Receiver() as receiver:
        rule = add_rule(add_channel(receiver.url))
        with dynamodb_calls() as calls:
            found = pages(rule_id=rule.id, rule={"message_template": "{{ status }}"}, compare=True)
        assert counts(found) == {"searched": 5, "hits": 5}
        assert receiver.received == []
    assert set(calls) <= READS
    assert services().record_pages.counts("e-0") == {}
