"""backend.ai notification simulate --tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.verdicts import page, verdict

Run = Callable[..., Any]
PATH = "/notifications/simulations"


@pytest.fixture
def tried(run: Run, tmp_path: Path) -> Callable[..., Any]:
    """Run the tests that a text describes."""

    def invoke(text: str, *more: str) -> Any:
        path = tmp_path / "rules.test.yaml"
        path.write_text(text, "utf-8")
        return run("notification", "simulate", "--tests", str(path), *more)

    return invoke


def one(assertion: str) -> str:
    """Describe one test with a sample."""
    return f"tests:\n- name: it\n  event: {{type: session.started, sample: true}}\n  {assertion}\n"


FIRED = (verdict("fires", 1, message='{"a": [1, true]}'), verdict("unmet", 2))


@pytest.mark.parametrize(
    "assertion",
    [
        "fires: [Rule 1]",
        f"fires: [{FIRED[0]['rule_id']}]",
        "message: {contains: '[1'}",
        "message: {Rule 1: {json: {a: [1, true]}}}",
        "message: {equals: '{\"a\": [1, true]}'}",
    ],
)
def test_what_is_so(service: Any, tried: Any, assertion: str) -> None:
    """Rules are named or given by id; a message is compared as text or as JSON."""
    service.answers("POST", PATH, page(*FIRED))
    result = tried(one(assertion))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "1..1\nok 1 - it\n", "✓ 1 test passed\n")


@pytest.mark.parametrize(
    ("assertion", "told"),
    [
        ("fires: []", "expected none; fired Rule 1"),
        (
            "fires: [Rule 2]",
            'expected Rule 2; fired Rule 1; Rule 2 is unmet: session_type is "interactive", needed: "batch"',
        ),
        ("fires: [Rule 1, Rule 2]", "expected Rule 1, Rule 2; fired Rule 1; Rule 2 is unmet: "),
        ("fires: [Rule 3]", "there is no rule 'Rule 3'; the nearest is 'Rule 2'"),
        ("message: {contains: b}", "the message of Rule 1 does not contain 'b': {\"a\": [1, true]}"),
        ("message: {equals: b}", "the message of Rule 1 is not 'b': {\"a\": [1, true]}"),
        ("message: {json: {a: [1, 1]}}", 'the message of Rule 1 is not {"a": [1, 1]}: {"a": [1, true]}'),
        ("message: {Rule 2: {contains: b}}", "Rule 2 is unmet: session_type is "),
        ("message: {Rule 4: {contains: b}}", "there is no rule 'Rule 4'; the nearest is 'Rule "),
    ],
)
def test_what_differs(service: Any, tried: Any, assertion: str, told: str) -> None:
    """A test that fails says what was expected, what fired, and of a missing rule what decided."""
    service.answers("POST", PATH, page(*FIRED))
    result = tried(one(assertion))
    assert (result.exit_code, result.stderr) == (3, "! 1 of 1 test failed\n")
    assert result.stdout.startswith(f"1..1\nnot ok 1 - it: {told}")


@pytest.mark.parametrize(("name", "told"), [("x # TODO y", r"x \# TODO y"), (r"x\#", r"x\\\#")])
def test_no_name_makes_a_directive(service: Any, tried: Any, name: str, told: str) -> None:
    """Readers of the protocol take a test that fails for one that fails, whatever its name is."""
    service.answers("POST", PATH, page(*FIRED))
    text = one("fires: []").replace("name: it", f"name: '{name}'")
    assert tried(text).stdout == f"1..1\nnot ok 1 - {told}: expected none; fired Rule 1\n"


def test_ambiguous_names(service: Any, tried: Any) -> None:
    """Two rules of one name are told apart by their ids, and a message needs the one rule that fires."""
    service.answers("POST", PATH, page(verdict("fires", 1, name="x"), verdict("fires", 2, name="x")))
    assert "2 rules are named 'x': give the id" in tried(one("fires: [x]")).stdout
    assert "2 rules fired: name the one with the message" in tried(one("message: {contains: x}")).stdout


def test_an_event_that_is_none(service: Any, tried: Any) -> None:
    """An event that no type takes fails its test, and the others go on."""
    service.answers("POST", PATH, {"type": "t", "title": "Bad", "msg": "status: missing"}, status=400)
    service.answers("POST", PATH, page(*FIRED))
    second = one("fires: [Rule 1]").removeprefix("tests:\n")
    result = tried(one("fires: []") + second)
    assert result.stdout == "1..2\nnot ok 1 - it: status: missing\nok 2 - it\n"


def test_events_are_given_in_three_ways(service: Any, tried: Any, tmp_path: Path) -> None:
    """Fields stand in the test, or in a file beside it, alone or in a whole document; drafts go along."""
    service.answers("POST", PATH, page())
    document = {"source": "backend.ai", "detail-type": "t", "detail": {"c": 3}}
    (tmp_path / "b.yaml").write_text("b: 2", "utf-8")
    (tmp_path / "c.json").write_text(json.dumps(document), "utf-8")
    result = tried(
        "rules: [{name: d}]\n"
        "tests:\n"
        "- {event: {type: t, data: {a: 1}}, fires: [], at: 2026-01-15T10:30:00Z}\n"
        "- {event: {type: t, data_file: b.yaml}, fires: []}\n"
        "- {event: {type: t, data_file: c.json}, fires: []}\n"
    )
    assert result.exit_code == 0
    assert result.stdout == "1..3\nok 1 - t at line 3\nok 2 - t at line 4\nok 3 - t at line 5\n"
    bodies = [request["body"] for request in service.requests]
    assert [body["notification_data"] for body in bodies] == [{"a": 1}, {"b": 2}, {"c": 3}]
    assert bodies[0]["timestamp"] == "2026-01-15T10:30:00+00:00"
    assert bodies[0]["rules"] == [{"name": "d"}]


def test_long_messages_are_read_whole(service: Any, tried: Any) -> None:
    """A message that was cut is asked for again, whole."""
    service.answers("POST", PATH, page(verdict("fires", 1, message="x…", message_cut=True)))
    service.answers("POST", PATH, page(verdict("fires", 1, message="x" * 20_000 + "end")))
    assert tried(one("message: {contains: end}")).exit_code == 0
    assert service.last["body"]["rule_ids"] == [verdict("fires", 1)["rule_id"]]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("rules: []", ":1: a file of tests must have `tests:`, a list"),
        ("tests: []", ":1: tests: must be a list of tests"),
        ("tests:\n- 1", ":2: tests[0]: a test must be an object"),
        ("tests:\n- {fires: []}", ":2: tests[0]: a test needs `event`, and `fires` or `message`"),
        ("tests:\n- event: {type: t, sample: true}", ":2: tests[0]: a test needs `event`"),
        (one("fires: x"), ":4: tests[0].fires: must be a list of names or ids of rules"),
        (one("fire: []"), ":4: tests[0].fire: is not a key here; the nearest is 'fires'"),
        (one("message: {contains: 1}"), ":4: tests[0].message.contains: must be a text"),
        (one("message: {r: {contain: x}}"), ":4: tests[0].message.r.contain: is not a key here"),
        (one("fires:"), ":4: tests[0].fires: must be a list of names or ids of rules; [] if none fires"),
        (one("message: {}"), ":4: tests[0].message: must be an object, like "),
        (one("message: 1"), ":4: tests[0].message: must be an object, like "),
        (one("{fires: []}"), ":"),
        ("tests:\n- event: {type: t}\n  fires: []", ":2: tests[0].event: needs one of `data`"),
        (
            "tests:\n- event: {sample: true}\n  fires: []",
            ":2: tests[0].event: must be an object with a `type`",
        ),
        ("tests:\n- event: {type: t, sample: false}\n  fires: []", ":2: tests[0].event.sample: must be true"),
        ("tests:\n- event: {type: t, data: 1}\n  fires: []", ":2: tests[0].event.data: must be an object"),
        (
            "tests:\n- event: {type: t, data_file: gone}\n  fires: []",
            ":2: tests[0].event.data_file: Cannot read ",
        ),
        (
            "tests:\n- event: {type: t, data: {source: s, detail-type: u, detail: {}}}\n  fires: []",
            ":2: tests[0].event: The document is an event of type 'u', not 't'",
        ),
        (one("fires: []\n  at: soon"), ":5: tests[0].at: 'soon' is not a time"),
        ("rules: [{nam: x}]\n" + one("fires: []"), ":1: rules[0].nam: is not a key here"),
    ],
)
def test_a_malformed_file(service: Any, tried: Any, tmp_path: Path, text: str, fault: str) -> None:
    """A file that cannot be used is told with file, line and key, before anything is asked."""
    result = tried(text)
    assert (result.exit_code, service.requests) == (1, [])
    assert result.stderr.startswith(f"✗ {tmp_path / 'rules.test.yaml'}{fault}")


def test_faults_of_drafts_end_the_run(service: Any, tried: Any, tmp_path: Path) -> None:
    """A draft that could not be saved is a failure of its own, and no test is run with it."""
    problem = {"type": "t", "title": "Bad", "msg": "rules.0.channel: there is no channel 'x'"}
    service.answers("POST", PATH, problem, status=400)
    result = tried("rules: [{name: d, channel: x}]\n" + one("fires: []"))
    path = tmp_path / "rules.test.yaml"
    assert (result.exit_code, result.stderr) == (
        1,
        f"✗ {path}:1: rules[0].channel: there is no channel 'x'\n",
    )


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_service_that_does_not_answer_is_no_failed_test(service: Any, tried: Any, status: int) -> None:
    """Whoever may not ask, or gets no answer, is told that; no test counts as failed."""
    service.answers("POST", PATH, {"type": "t", "title": "No", "msg": "not now"}, status=status)
    result = tried(one("fires: []"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("✗ not now\n")


def test_drafts_in_two_files(service: Any, tried: Any, tmp_path: Path) -> None:
    """Drafts come from one file."""
    draft = tmp_path / "draft.yaml"
    draft.write_text("name: d")
    result = tried("rules: [{name: d}]\n" + one("fires: []"), "-f", str(draft))
    assert (result.exit_code, service.requests) == (1, [])
    assert f"rules: the drafts come from {draft}: give one of both" in result.stderr
