"""backend.ai notification rule backtest."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.commands.notification.rule import backtest_text
from backendai_notification_cli.commands.notification.rule.backtest_counts import merged, periods
from tests.unit.cli.records import RULE_ID

PATH = "/notifications/backtests"
BACKTEST = ("notification", "rule", "backtest")
Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("utc")


def hour(day: int, hour: int) -> str:
    """Write the beginning of an hour as the API does."""
    return f"2026-01-{day:02}T{hour:02}:00:00.000000Z"


def page(following: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return a page of a backtest."""
    made: dict[str, Any] = {
        "rule_id": RULE_ID, "rule_name": "To ops", "rule_type": "session.started", "enabled": True,
        "searched": 0, "unreadable": 0, "hits": 0, "hours": {}, "samples": [], "empty": 0, "failed": 0,
        "failures": [], "difference": None, "next": following, "reached_at": None,
    }  # fmt: skip
    return made | changes


def sample(number: int, **changes: Any) -> dict[str, Any]:
    """Return a hit."""
    return {
        "event_id": f"e-{number}",
        "created_at": hour(15, 10),
        "message": "m",
        "message_cut": False,
        **changes,
    }


def difference(both: int = 0, **changes: Any) -> dict[str, Any]:
    """Return a difference of two rules."""
    none = {"only_draft": 0, "only_stored": 0, "first_only_draft": [], "first_only_stored": []}
    return {"both": both, **none, **changes}


def test_a_day_on_which_clocks_change(zone: Callable[[str], None]) -> None:
    """The hits before and after the change are those of one day."""
    zone("America/New_York")
    hours = {"2026-11-01T05:00:00.000000Z": 1, "2026-11-01T20:00:00.000000Z": 2}
    ((day, hits),) = periods(hours, "d").items()
    assert (day.isoformat(), hits) == ("2026-11-01T00:00:00-04:00", 3)


def test_pages_are_merged() -> None:
    """Counts and hours are added up; of samples, failures and different events the first ones stay."""
    failure = {"event_id": "f", "created_at": hour(15, 10), "error": "no"}
    told = merged(
        [
            page(
                searched=200, hits=2, failed=1, hours={hour(15, 11): 1, hour(15, 10): 1},
                samples=[sample(1), sample(2)], failures=[failure],
                difference=difference(1, only_draft=3, first_only_draft=["a", "b", "c"]),
            ),
            page(
                searched=100, hits=4, empty=2, unreadable=1, hours={hour(15, 11): 4},
                samples=[sample(3), sample(4)], failures=[failure] * 5,
                difference=difference(2, only_draft=3, first_only_draft=["d", "e", "f"]),
            ),
        ]
    )  # fmt: skip
    assert (told["searched"], told["hits"], told["empty"], told["failed"], told["unreadable"]) == (
        300,
        6,
        2,
        1,
        1,
    )
    assert list(told["hours"].items()) == [(hour(15, 10), 1), (hour(15, 11), 5)]
    assert [each["event_id"] for each in told["samples"]] == ["e-1", "e-2", "e-3"]
    assert len(told["failures"]) == 5
    assert told["difference"] == difference(3, only_draft=6, first_only_draft=["a", "b", "c", "d", "e"])
    assert told["share"] == 0.02


def test_shown(service: Any, run: Run) -> None:
    """The pages' sum is shown: share, histogram, first hits, difference and failures, safe to print."""
    service.answers(
        "POST", PATH, page("a", searched=200, hits=1, hours={hour(15, 10): 1}, samples=[sample(1)])
    )
    service.answers(
        "POST", PATH,
        page(
            searched=50, hits=2, hours={hour(15, 10): 2}, samples=[sample(2, message="a\nb")],
            failed=1, empty=2,
            failures=[{"event_id": "f-1", "created_at": hour(15, 11), "error": "line 1: division by zero"}],
        ),
    )  # fmt: skip
    span = ("--since", "2026-01-15T00:00Z", "--until", "2026-01-16T00:00Z")
    result = run(*BACKTEST, RULE_ID, *span)
    assert result.exit_code == 0
    told = result.stdout.splitlines()
    assert told[:4] == [
        "To ops (session.started), from 2026-01-15 00:00:00 to 2026-01-16 00:00:00",
        "3 hits among 250 events (1.2 %)",
        "1 more met the condition, but the message cannot be made",
        "2 more met the condition, but the message is empty",
    ]
    assert told[5].startswith("2026-01-15 10:00  3  █")
    assert told[7:] == [
        "First hits:",
        "  2026-01-15 10:00:00  e-1  m",
        "  2026-01-15 10:00:00  e-2  a\\nb",
        "",
        "First failures:",
        "  2026-01-15 11:00:00  f-1  line 1: division by zero",
    ]
    asked = {"since": hour(15, 0), "until": hour(16, 0), "rule_id": RULE_ID, "compare": False}
    assert [request["body"] for request in service.requests] == [
        {**asked, "cursor": None},
        {**asked, "cursor": "a"},
    ]


def test_no_hits_are_no_failure(service: Any, run: Run) -> None:
    """A rule without hits is told as that, with 0; that a rule is off is said on stderr."""
    service.answers("POST", PATH, page(searched=5, enabled=False))
    result = run(*BACKTEST, RULE_ID)
    assert (result.exit_code, result.stdout.splitlines()[1:]) == (0, ["0 hits among 5 events (0 %)"])
    assert result.stderr.endswith(
        "! The rule or its channel is disabled: it was tried as if both were enabled\n"
    )


def test_one_hit_past_the_max(service: Any, run: Run) -> None:
    """One hit is told as one; the line break at the end of a message is not shown."""
    shown = {**sample(1), "message": "train\n"}
    service.answers("POST", PATH, page(searched=1, hits=1, hours={hour(15, 8): 1}, samples=[shown]))
    result = run(*BACKTEST, RULE_ID, "--max", "0/h")
    assert result.stderr.endswith("! 1 hit in the hour of 2026-01-15 08:00, more than 0/h\n")
    assert result.stdout.endswith("  train\n")


@pytest.mark.parametrize(("most", "code"), [("2/h", 3), ("3/h", 0), ("4/d", 3), ("5/d", 0)])
def test_past_the_max(service: Any, run: Run, most: str, code: int) -> None:
    """Past --max the exit code is 3, and the worst hour or day is named."""
    service.answers("POST", PATH, page(searched=9, hits=5, hours={hour(15, 8): 3, hour(15, 9): 2}))
    result = run(*BACKTEST, RULE_ID, "--max", most)
    assert result.exit_code == code
    told = {
        "2/h": "! 3 hits in the hour of 2026-01-15 08:00, more than 2/h\n",
        "4/d": "! 5 hits in the day of 2026-01-15, more than 4/d\n",
    }
    assert result.stderr.endswith(told.get(most, ""))


def test_json(service: Any, run: Run) -> None:
    """With --json everything is printed as one document, also what is past --max."""
    service.answers("POST", PATH, page(searched=4, hits=3, hours={hour(15, 8): 3}, samples=[sample(1)]))
    result = run(*BACKTEST, RULE_ID, "--json", "--max", "2/h")
    told = json.loads(result.stdout)
    assert result.exit_code == 3
    assert (told["hits"], told["share"], told["hours"]) == (3, 0.75, {hour(15, 8): 3})
    assert (told["max"], told["past_max"]) == ("2/h", {"2026-01-15T08:00:00+00:00": 3})
    assert not {"next", "reached_at"} & told.keys()


def test_a_draft_beside_the_stored_rule(service: Any, run: Run, tmp_path: Path) -> None:
    """A draft is sent as it stands in the file, for the rule that is named; the difference is told."""
    draft = tmp_path / "draft.yaml"
    draft.write_text("where: [status=ERROR]\n")
    changes = difference(2, only_draft=7, first_only_draft=["a", "b", "c", "d", "e"])
    service.answers("POST", PATH, page(searched=9, hits=9, difference=changes))
    result = run(*BACKTEST, RULE_ID, "-f", str(draft), "--compare")
    assert result.stdout.splitlines()[-4:] == [
        "Beside the stored rule:",
        "  2 events on which both fire",
        "  7 events on which only the draft fires: a, b, c, d, e, ...",
        "  0 events on which only the stored rule fires",
    ]
    body = service.last["body"]
    assert (body["rule"], body["rule_id"], body["compare"]) == ({"where": ["status=ERROR"]}, RULE_ID, True)


def test_a_fault_of_the_draft_has_its_line(service: Any, run: Run, tmp_path: Path) -> None:
    """What the service finds wrong with a draft is told with the place in the file."""
    draft = tmp_path / "draft.yaml"
    draft.write_text("name: x\nmessage_template: '{{ statsu }}'\n")
    problem = {"title": "Bad", "msg": "rule.message_template: statsu is not a field of session.started"}
    service.answers("POST", PATH, problem, status=400)
    result = run(*BACKTEST, "-f", str(draft))
    assert result.exit_code == 1
    assert "draft.yaml" in result.stderr
    assert "line 2" in result.stderr or ":2" in result.stderr


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        ((), 2, "Give a RULE, or one in a file"),
        ((RULE_ID, "--compare"), 2, "--compare needs a rule in a file"),
        ((RULE_ID, "--max", "20"), 2, "expected 20/h (in any hour) or 100/d (in any day)"),
        ((RULE_ID, "--since", "1h", "--until", "2h"), 2, "Nothing is between"),
    ],
)
def test_what_cannot_be_asked(service: Any, run: Run, args: tuple[str, ...], code: int, told: str) -> None:
    """What makes no sense is refused before anything is asked for."""
    result = run(*BACKTEST, *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert told in result.stderr


def test_a_response_of_another_service(service: Any, run: Run) -> None:
    """A response that lacks what a backtest tells is not the API's, and that is said in one line."""
    service.answers("POST", PATH, {"hits": 1})
    result = run(*BACKTEST, RULE_ID)
    assert result.exit_code == 1
    assert "left 'rule_id' out of its response" in result.stderr


def test_several_drafts_are_refused(service: Any, run: Run, tmp_path: Path) -> None:
    """A file with several rules is none that a backtest can try."""
    draft = tmp_path / "drafts.yaml"
    draft.write_text("rules:\n- name: a\n- name: b\n")
    result = run(*BACKTEST, "-f", str(draft))
    assert (result.exit_code, service.requests) == (1, [])
    assert "has 2 rules: a backtest tries one" in result.stderr


def test_lines_of_a_lonely_hit() -> None:
    """One hit and one event are written in the singular."""
    told = merged([page(searched=1, hits=1, unreadable=1)]) | {"since": hour(15, 0), "until": hour(15, 1)}
    assert [*backtest_text.lines(told, 80, ascii_only=True)][1:] == [
        "1 hit among 1 event (100 %)",
        "1 cannot be read",
    ]
