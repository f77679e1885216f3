"""backend.ai notification event explain."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.rules import ID
from tests.unit.cli.verdicts import DELIVERY, explanation, verdict

Run = Callable[..., Any]
PATH = "/notifications/events/e-1/explanation"
FIRST = f"{PATH}?limit=1000"
COMMAND = ("notification", "event", "explain", "e-1")

pytestmark = pytest.mark.usefixtures("utc")


def test_what_fires_comes_first_and_in_detail(service: Any, run: Run) -> None:
    """A line for each rule, those first that send; then what these send, and why."""
    unmet, fires = verdict("unmet", 1), verdict("fires", 2, delivery=DELIVERY)
    service.answers("GET", FIRST, explanation(unmet, fires))
    result = run(*COMMAND)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "e-1: session.started, dispatched; with the configuration of 2026-01-15T10:30:00.000000Z\n"
        "fires      Rule 2 → ops  delivered, 1 attempt, last status 200\n"
        'unmet      Rule 1 → ops  session_type is "interactive", needed: "batch"\n'
        "\n"
        "fires: Rule 2 → ops\n"
        f"  Rule: {fires['rule_id']}, revision 3\n"
        f"  Channel: {fires['channel_id']}\n"
        f"  Delivery: e-1_{ID}: delivered, 1 attempt, last status 200\n"
        "  Request: POST https://example.com/***\n"
        "    Content-Type: application/json\n"
        "    webhook-signature: ***\n"
        "  SHA-256: 5f\n"
        "  Message:\n"
        '    {"a": 1}\n'
    )


def test_one_rule_is_shown_in_detail(service: Any, run: Run) -> None:
    """With --rule the rule's verdict is shown with the part of the condition that decides."""
    service.answers("GET", f"{FIRST}&rule_id={ID}", explanation(verdict("unmet", 1)))
    result = run(*COMMAND, "--rule", ID)
    assert result.exit_code == 3
    assert '  Seen: session_type is "interactive"\n' in result.stdout
    assert '  Needed: "batch"  (session_type=batch)\n' in result.stdout


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([verdict("fires")], 0),
        ([verdict("observes")], 0),
        ([verdict("failed", reason="line 1: no")], 3),
        ([verdict("withheld", reason="rule_disabled")], 3),
        ([verdict("empty", reason="empty message")], 3),
        ([verdict(None, reason="not kept")], 3),
        ([verdict("unmet", delivery=DELIVERY)], 0),
        ([verdict("unmet", delivery={**DELIVERY, "status": "skipped", "attempt_count": 0})], 3),
        ([], 3),
    ],
)
def test_exit_codes(service: Any, run: Run, rules: list[dict[str, Any]], code: int) -> None:
    """The code is 0 if a rule fired or would, even if only a delivery says so, and 3 if none did."""
    service.answers("GET", FIRST, explanation(*rules))
    assert run(*COMMAND).exit_code == code


def test_who_gets_an_email(service: Any, run: Run) -> None:
    """An email's recipients are listed, and those who do not get it, with the reasons."""
    told = verdict(recipients=["a@example.com", "b@example.com"], unsent={"{{ x }}": "it makes no address"})
    service.answers("GET", FIRST, explanation(told))
    assert (
        "\n  To: a@example.com, b@example.com\n  Not to {{ x }}: it makes no address\n"
        in run(*COMMAND).stdout
    )


def test_many_rules(service: Any, run: Run) -> None:
    """All pages are read; of many rules whose condition is not met only the first are listed."""
    pages = [explanation(*(verdict("unmet", number) for number in range(30)), next="c", total=61)]
    pages.append(explanation(*(verdict("unmet", 30 + number) for number in range(30)), verdict("fires", 99)))
    for answer in pages[:1] * 2:
        service.answers("GET", FIRST, answer)
    service.answers("GET", f"{PATH}?cursor=c&limit=1000", pages[1])
    result = run(*COMMAND)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].startswith("fires      Rule 99 → ops")
    assert result.stdout.count("unmet  ") == 20
    assert "          and 40 more whose condition is not met: --all lists them\n" in result.stdout
    assert run(*COMMAND, "--all").stdout.count("unmet  ") == 60


def test_many_that_send(service: Any, run: Run) -> None:
    """Of many rules that send, the first are shown in detail; all are listed."""
    service.answers("GET", FIRST, explanation(*(verdict("fires", number) for number in range(12))))
    result = run(*COMMAND)
    assert (result.stdout.count("fires      "), result.stdout.count("fires: ")) == (12, 10)
    assert result.stdout.endswith("\n2 more send or fail: --all shows all of them, --rule ID one\n")
    assert run(*COMMAND, "--all").stdout.count("fires: ") == 12


def test_json_and_notes(service: Any, run: Run) -> None:
    """--json prints everything, of all pages; notes go to stderr in any case."""
    first = explanation(verdict("fires"), next="c", notes=["look"])
    service.answers("GET", FIRST, first)
    service.answers("GET", f"{PATH}?cursor=c&limit=1000", explanation(verdict("unmet", 1)))
    result = run(*COMMAND, "--json")
    told = json.loads(result.stdout)
    assert [rule["verdict"] for rule in told["rules"]] == ["fires", "unmet"]
    assert "next" not in told
    assert (told["event"], result.stderr) == (first["event"], "! look\n")


def test_texts_of_others_cannot_steer_the_terminal(service: Any, run: Run) -> None:
    """Control characters in names, reasons and messages are shown, not sent to the terminal."""
    rule = verdict("fires", name="a\x1b[2Jb", message="x\x1b[2Jy\nz", reason="r\x07")
    service.answers("GET", FIRST, explanation(rule))
    stdout = run(*COMMAND).stdout
    assert "\x1b" not in stdout
    assert "\x07" not in stdout
    assert "    x\\x1b[2Jy\n    z\n" in stdout


def test_failures(service: Any, run: Run) -> None:
    """What is no id is refused here, and what the service refuses is told."""
    assert run("notification", "event", "explain", "a b").exit_code == 1
    assert run(*COMMAND, "--rule", "").exit_code == 1
    assert service.requests == []
    problem = {"type": "t", "title": "Entity Not Found.", "msg": "There is no record of an event e-1"}
    service.answers("GET", FIRST, problem, status=404)
    result = run(*COMMAND)
    assert (result.exit_code, result.stderr) == (1, "✗ There is no record of an event e-1\n")


def test_what_became_of_a_digest_is_told_once(service: Any, run: Run) -> None:
    """A reason that begins as the delivery's own, and goes on, stands in its place."""
    waits = DELIVERY | {
        "status": "collected",
        "reason": "in digest-1",
        "attempt_count": 0,
        "last_status": None,
    }
    closes = "in digest-1, which closes at 2026-01-15T10:35:00Z"
    rule = verdict("collected", 1, delivery=waits, reason=closes)
    service.answers("GET", FIRST, explanation(rule))
    assert f"collected  Rule 1 → ops  collected, {closes}\n" in run(*COMMAND).stdout


def test_the_newest_event_with_such_fields(service: Any, run: Run) -> None:
    """--where finds the event, so that nobody has to look up its ID; one that is not there is told."""
    service.answers("GET", "/notifications/events?*", {"events": [{"id": "e-1"}, {"id": "e-0"}], "next": "c"})
    service.answers("GET", "/notifications/events?*", {"events": [], "next": None})
    service.answers("GET", FIRST, explanation(verdict("unmet", 1)))
    find = (*COMMAND[:-1], "--where", "session_id=s-1", "--since", "7d")
    result = run(*find)
    assert (result.exit_code, result.stdout.partition(":")[0]) == (3, "e-1")
    assert "&where=session_id%3Ds-1" in service.requests[0]["path"]
    none = run(*find)
    assert (none.exit_code, none.stderr.splitlines()[0].endswith(" meets session_id=s-1")) == (1, True)
    for args in ((), ("e-1", "--where", "session_id=s-1")):
        assert run(*COMMAND[:-1], *args).exit_code == 2
