"""Conditions of rules on the command line."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.rules import CREATE, ID, RULE, RULES

Run = Callable[..., Any]
PATTERN = {"status": ["ERROR", {"prefix": "FAIL"}]}
CONDITIONS: list[tuple[list[str], dict[str, Any]]] = [
    (["--where", "status=ERROR", "--where", "exit_code>0"], {"where": ["status=ERROR", "exit_code>0"]}),
    (["--condition", json.dumps(PATTERN)], {"condition": PATTERN}),
    (["--condition-file", "-"], {"condition": PATTERN}),
]


@pytest.mark.parametrize(("args", "sent"), CONDITIONS)
def test_conditions_are_sent_as_they_are_spelled(
    service: Any, run: Run, args: list[str], sent: dict[str, Any]
) -> None:
    """Clauses and patterns go to the service as they are given, which is the one to read them."""
    service.answers("POST", f"{RULES}?custom=true", {"rule": RULE}, status=201)
    assert run(*CREATE, "--template", "a", *args, stdin=json.dumps(PATTERN)).exit_code == 0
    created = service.last["body"]
    assert {name: created.get(name) for name in sent} == sent
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    assert run("notification", "rule", "update", ID, *args, stdin=json.dumps(PATTERN)).exit_code == 0
    assert service.last["body"] == sent


def test_a_rule_observes_and_then_sends(service: Any, run: Run) -> None:
    """A rule is created observing, and is switched both ways; unless that is asked, it stays as it is."""
    service.answers("POST", f"{RULES}?custom=true", {"rule": RULE}, status=201)
    assert run(*CREATE, "--template", "a", "--observe").exit_code == 0
    assert service.last["body"]["observe"] is True
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    for option, sent in (("--no-observe", {"observe": False}), ("--observe", {"observe": True})):
        assert run("notification", "rule", "update", ID, option).exit_code == 0
        assert service.last["body"] == sent
    assert run("notification", "rule", "update", ID, "--enable").exit_code == 0
    assert service.last["body"] == {"enabled": True}


def test_a_list_tells_where_rules_send(service: Any, run: Run) -> None:
    """A rule has a line with its channel's name and id."""
    rule = RULE | {"channel": {"id": ID, "name": "Ops"}}
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [rule], "pagination": {"total": 1}})
    assert f"\nChannel: Ops ({ID})\n" in run("notification", "rule", "list").stdout


def test_a_list_tells_which_rules_observe(service: Any, run: Run) -> None:
    """A rule that only observes has a line that says so; others have none."""
    found = {"rules": [RULE | {"observe": True}, RULE], "pagination": {"total": 2, "offset": 0, "limit": 100}}
    service.answers("POST", f"{RULES}/search?custom=true", found)
    assert run("notification", "rule", "list").stdout.count("Observe: True") == 1


def test_a_condition_is_removed(service: Any, run: Run) -> None:
    """Without a condition a rule sends all events of its type."""
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    assert run("notification", "rule", "update", ID, "--no-where").exit_code == 0
    assert service.last["body"] == {"condition": {}}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--where", "a", "--condition", "{}"], "✗ Cannot specify both --where and --condition\n"),
        (["--where", "a", "--no-where"], "✗ Cannot specify both --where and --no-where\n"),
        (["--condition", "{}", "--condition-file", "-"], "✗ Cannot specify both --condition and"),
        (
            ["--condition", '{"a": [1], "b": [2], "a": [3]}'],
            "✗ Invalid JSON condition: the key 'a' comes twice\n",
        ),
        (["--condition", "[1]"], "✗ Invalid JSON condition: expected an object like {...}\n"),
    ],
)
def test_conditions_are_given_in_one_way(service: Any, run: Run, args: list[str], message: str) -> None:
    """A condition that is given twice, or that is no JSON object, is refused and nothing is sent."""
    result = run("notification", "rule", "update", ID, *args)
    assert (result.exit_code, service.requests) == (1, [])
    assert result.stderr.startswith(message)


def test_a_list_shows_conditions(service: Any, run: Run) -> None:
    """A rule with a condition has a line for each clause, or one with the pattern; others have none."""
    spelled = RULE | {"condition": {"a": ["x"], "b": [1]}, "where": ["a=x", "b=1"]}
    pattern = RULE | {"condition": {"a": [{"exists": True}]}, "where": None}
    pagination = {"total": 3, "offset": 0, "limit": 100}
    service.answers(
        "POST", f"{RULES}/search?custom=true", {"rules": [RULE, spelled, pattern], "pagination": pagination}
    )
    plain, first, second, _ = run("notification", "rule", "list").stdout.split("---\n")
    assert plain.endswith("Description: d\n")
    assert first == f"{plain}Where: a=x\nWhere: b=1\n"
    assert second == f'{plain}Condition: {{"a": [{{"exists": true}}]}}\n'
