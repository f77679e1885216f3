"""Filters that name what is not there: a list that finds nothing says so, and of what has its name nearly."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.channels import CHANNEL, CHANNELS, ID
from tests.unit.cli.records import DELIVERIES, EVENTS, delivery, page
from tests.unit.cli.rules import RULES

Run = Callable[..., Any]
TYPES = "/notifications/event-types"
TAIL = f"{EVENTS}/tail"
STARTED = {
    "properties": {
        "status": {"type": "string"},
        "context": {"anyOf": [{"properties": {"project": {}, "labels": {}}}, {"type": "null"}]},
    }
}
GONE = {"msg": "There is no such thing"}
REFUSED = {"msg": "No more"}


@pytest.fixture
def empty(service: Any) -> Any:
    """Serve two event types, a channel, and no records."""
    service.answers(
        "GET",
        TYPES,
        {
            "event_types": [
                {"name": "session.started", "json_schema": STARTED},
                {"name": "quota.exceeded", "json_schema": {"properties": {"project": {}}}},
            ]
        },
    )
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    service.answers("GET", f"{DELIVERIES}?*", page())
    service.answers("GET", f"{EVENTS}?*", page(key="events"))
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [], "pagination": {"total": 0}})
    for path in (f"{CHANNELS}/{ID[:-1]}9", f"{RULES}/{ID}?custom=true", f"/notifications/mutes/{ID}"):
        service.answers("GET", path, GONE, status=404)
    return service


@pytest.mark.parametrize(
    ("words", "warning"),
    [
        (
            ["event", "list", "--rule-type", "session.start"],
            "There is no event type 'session.start'; the nearest is 'session.started'",
        ),
        (["event", "list", "--where", "statuss=x"], "No event type has a field 'statuss'; the nearest is"),
        (
            ["event", "list", "--where", "project=p", "--rule-type", "session.started"],
            "session.started has no field 'project'",
        ),
        (["event", "list", "--where", "context.projct"], "the nearest is 'context.project'"),
        (["delivery", "list", "--rule-type", "nope"], "There is no event type 'nope'"),
        (["delivery", "list", "--channel", f"{ID[:-1]}9"], f"There is no channel {ID[:-1]}9"),
        (["delivery", "list", "--rule", ID], f"There is no rule {ID}"),
        (["delivery", "list", "--mute", ID], f"There is no mute {ID}"),
        (["delivery", "retry", "--rule-type", "nope", "--yes"], "There is no event type 'nope'"),
        (["event", "dispatch", "--rule-type", "nope", "--dry-run"], "There is no event type 'nope'"),
        (["rule", "list", "--channel", f"{ID[:-1]}9"], f"There is no channel {ID[:-1]}9"),
        (
            ["rule", "list", "--where", "!statsu"],
            "No event type has a field 'statsu'; the nearest is 'status'",
        ),
    ],
)
@pytest.mark.usefixtures("empty")
def test_an_empty_list_says_what_is_unknown(run: Run, words: list[str], warning: str) -> None:
    """It is warned of on stderr, with the nearest name; the list is as empty as before, and no failure."""
    told = run(*words)
    assert (told.exit_code, told.stderr.splitlines()[0][:2]) == (0, "! ")
    assert warning in told.stderr
    assert "!" not in told.stdout


@pytest.mark.parametrize(
    "words",
    [
        [
            "event",
            "list",
            "--rule-type",
            "session.started",
            "--where",
            "status=x",
            "--where",
            "context.labels.a",
        ],
        ["event", "list", "--where", '"status"=x'],
        ["delivery", "list", "--channel", ID],
        ["rule", "list", "--where", '"a b"=1'],
    ],
)
@pytest.mark.usefixtures("empty")
def test_what_there_is_is_not_warned_of(run: Run, words: list[str]) -> None:
    """Of names that there are, and of fields inside of those of which no more is known, nothing is said."""
    told = run(*words)
    assert (told.exit_code, told.stderr) == (0, "")


def test_records_of_what_is_gone_are_found(service: Any, run: Run) -> None:
    """Where records are found nothing is asked or said, whatever has become of their type."""
    service.answers("GET", f"{DELIVERIES}?*", page(delivery(rule_type="gone.type")))
    told = run("delivery", "list", "--rule-type", "gone.type", "-q")
    assert (told.stderr, len(service.requests)) == ("", 1)


def test_a_warning_leaves_json_whole(empty: Any, run: Run) -> None:
    """Programs get an empty list, also where somebody is warned."""
    assert json.loads(run("event", "list", "--rule-type", "nope", "-o", "json").stdout) == []
    assert empty.last["path"] == TYPES


@pytest.mark.parametrize("words", [["event", "tail", "--rule-type"], ["listen", "--type"]])
def test_following_warns_at_the_beginning(empty: Any, run: Run, words: list[str]) -> None:
    """What never ends says at its beginning that it waits for a type that there is not."""
    empty.answers("POST", TAIL, REFUSED, status=403)
    assert run(*words, "session.start").stderr.startswith("! There is no event type 'session.start'; the nea")


def test_an_unknown_author_is_warned_of(service: Any, run: Run) -> None:
    """`audit list --by` names who is nearest among those that changed something."""
    entries = [{"by": {"name": "deploy", "access_key": "AKIA1", "user_id": "u"}}, {"by": None}]
    service.answers("GET", "/notifications/audit?by=deplyo&limit=200", {"entries": [], "next": None})
    service.answers("GET", "/notifications/audit?by=AKIA1&limit=200", {"entries": [], "next": None})
    service.answers("GET", "/notifications/audit?limit=200", {"entries": entries, "next": None})
    told = run("audit", "list", "--by", "deplyo")
    assert told.stderr == "! None of the last 1,000 changes is by 'deplyo'; the nearest is 'deploy'\n"
    assert run("audit", "list", "--by", "AKIA1").stderr == ""


@pytest.mark.parametrize("clause", ["!!", "", " ", "=x"])
def test_what_is_no_clause_is_refused(service: Any, run: Run, clause: str) -> None:
    """`rule list --where` refuses what begins with no field: no rule could have it."""
    told = run("rule", "list", "--where", clause)
    assert (told.exit_code, service.requests) == (2, [])
    assert "begins with no field" in told.stderr


def test_clauses_are_compared_as_rules_show_them(service: Any, run: Run) -> None:
    """Spaces around an operator make no difference."""
    rules = [{"id": "1", "where": ["status=ERROR"]}]
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": rules, "pagination": {"total": 1}})
    assert run("rule", "list", "--where", " status = ERROR", "-q").stdout == "1\n"


def test_what_is_still_to_come_is_refused(service: Any, run: Run) -> None:
    """A list since next year would be empty without a word."""
    told = run("event", "list", "--since", "2999-01-01")
    assert (told.exit_code, service.requests) == (2, [])
    assert "that is still to come" in told.stderr


def test_a_service_that_cannot_say_is_not_told_of(service: Any, run: Run) -> None:
    """If the event types cannot be read, the list is shown without a warning."""
    service.answers("GET", f"{EVENTS}?*", page(key="events"))
    service.answers("GET", TYPES, REFUSED, status=403)
    assert run("event", "list", "--rule-type", "x").stderr == ""
