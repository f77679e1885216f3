"""Calls that cannot be meant as they stand: what is said of them tells what would be right."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.channels import CHANNEL, CHANNELS, ID
from tests.unit.cli.mutes import mute
from tests.unit.cli.rules import RULE, RULES

Run = Callable[..., Any]
TYPES = "/notifications/event-types"
MUTES = "/notifications/mutes"
RULE_SEARCH = f"{RULES}/search?custom=true"
NOT_FOUND = {"msg": "There is no such thing"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["channel", "list", "--limit", "some"], "'some' is not a whole number from 1 on, or 'all'."),
        (
            ["delivery", "retry", "--status", "failed", "--rate", "99"],
            "'99' is not a whole number from 1 to 50.",
        ),
        (["channel", "list", "Night", "shift"], "What has spaces must be quoted, as in 'Night shift'."),
        (["-o", "json", "channel", "list"], "Options of a command follow it, as in 'channel list -o json'."),
        (["channel", "-o", "json", "list"], "Options of a command follow it, as in 'channel list -o json'."),
        (["channel", "create", "https://a.example", "Ops"], "NAME comes first, then WEBHOOK_URL."),
        (
            ["channel", "list", "--profile", "prod"],
            "No such option '--profile'. It stands before the command",
        ),
        (["channel", "list", "--debug"], "No such option '--debug'. It stands before the command"),
        (["api", "FETCH", "/"], "Invalid value for 'METHOD': 'FETCH' is not one of"),
        (["completion", "tcsh"], "Invalid value for 'SHELL': 'tcsh' is not one of"),
        (
            ["event", "list", "--since", "soon"],
            "Invalid value for '--since': 'soon' is not a time: expected 30s",
        ),
        (["channel", "update", ID], "Nothing to update: give at least one option."),
    ],
)
def test_wrong_calls(service: Any, run: Run, words: list[str], told: str) -> None:
    """Nothing is asked of the service, the exit code is 2, and what would be right is said."""
    result = run(*words)
    assert (result.exit_code, result.stdout, service.requests) == (2, "", [])
    assert told in result.stderr


def test_no_profile_is_not_the_default_one(run: Run) -> None:
    """--profile of a variable that is not set leads to no other stack than was meant."""
    result = run("--profile", "", "channel", "list")
    assert (result.exit_code, "'' cannot be a profile's name" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("rules", "text", "told"),
    [
        ([{**RULE, "name": "Started"}], "started", f"  That is a rule: {RULE['id']}  Started  "),
        ([], "session.started", "  That is an event type\n"),
        ([], "unheard of", "  There are no channels yet\n"),
    ],
)
def test_a_name_of_another_kind_is_told(
    service: Any, run: Run, rules: list[dict[str, Any]], text: str, told: str
) -> None:
    """Arguments in the wrong order name what they are, and not only what they are not."""
    service.answers("POST", f"{CHANNELS}/search", {"channels": [], "pagination": {"total": 0}})
    service.answers("POST", RULE_SEARCH, {"rules": rules})
    service.answers("GET", TYPES, {"event_types": [{"name": "session.started"}]})
    result = run("channel", "info", text)
    assert result.stderr.startswith(f"✗ There is no channel '{text}'\n")
    assert told in result.stderr


def test_an_id_of_another_kind_is_told(service: Any, run: Run) -> None:
    """So does a whole id, which costs searches only once the service does not know it."""
    service.answers("GET", f"{RULES}/{ID}?custom=true", NOT_FOUND, status=404)
    service.answers("POST", f"{CHANNELS}/search", {"channels": [CHANNEL]})
    assert f"\n  That is a channel: {ID}  Ops" in run("rule", "info", ID).stderr


def test_a_fault_without_a_name_is_told_once(service: Any, run: Run) -> None:
    """A clause that is empty is told of as it stands on the command line, and not again as the API has it."""
    problem = {
        "msg": "where: it begins with the field's name, as in status=RUNNING",
        "data": {
            "errors": [{"loc": ["where", ""], "msg": "it begins with the field's name, as in status=RUNNING"}]
        },
    }
    service.answers("GET", "/notifications/events?limit=200&where=", problem, status=400)
    told = run("event", "list", "--where", "").stderr
    assert told == "✗ --where: it begins with the field's name, as in status=RUNNING\n"


def test_the_mute_that_can_be_ended_is_meant(service: Any, run: Run) -> None:
    """Of several mutes with one reason `mute end` means the only one that has not ended."""
    present, ended = mute(id="1" * 32, reason="Night"), mute(id="2" * 32, reason="Night", state="ended")
    service.answers("GET", f"{MUTES}?ended=true&limit=200", {"mutes": [ended, present], "next": None})
    service.answers("POST", f"{MUTES}/{'1' * 32}/end", {"mute": {**present, "state": "ended"}})
    assert run("mute", "end", "night").exit_code == 0
    assert "There are 2 mutes that 'night' may mean" in run("mute", "info", "night").stderr


@pytest.mark.parametrize("command", ["create", "update"])
def test_a_member_that_no_spec_has_is_warned_of(service: Any, run: Run, command: str) -> None:
    """Backend.AI's routes leave it out without a word, so that a mistyped header would be lost."""
    service.answers(
        "POST", CHANNELS, {"channel": {**CHANNEL, "spec": {"url": "u", "headers": {}}}}, status=201
    )
    service.answers(
        "PATCH", f"{CHANNELS}/{ID}", {"channel": {**CHANNEL, "spec": {"url": "u", "headers": {}}}}
    )
    result = run(
        "channel", command, ID, "--spec", '{"url": "https://a.example", "header": {"X-Team": "ops"}}'
    )
    assert "! A spec has no 'header', so that was left out; the nearest is 'headers'\n" in result.stderr
    assert result.exit_code == 0
