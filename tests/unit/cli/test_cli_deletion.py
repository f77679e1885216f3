"""What is asked before a deletion, what is said of names that are taken, and lists that are narrowed down."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.channels import CHANNEL, CHANNELS, ID
from tests.unit.cli.records import DELIVERIES, RULE_ID, delivery, page
from tests.unit.cli.rules import RULE, RULES
from tests.unit.cli.terminal import at_terminal

Run = Callable[..., Any]
SEARCH = f"{RULES}/search?custom=true"
DELETE = ("notification", "channel", "delete", ID)
MINE = {**RULE, "channel_id": ID, "channel": {"id": ID, "name": "Ops"}}
OTHER = {**RULE, "id": "other", "name": "Foreign", "channel_id": "another"}


@pytest.fixture
def served(service: Any) -> Any:
    """Serve a channel with a rule and three deliveries that wait."""
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    service.answers("POST", SEARCH, {"rules": [MINE, OTHER], "pagination": {"total": 2}})
    for waiting, count in (("pending", 1), ("held", 2)):
        path = f"{DELIVERIES}?channel={ID}&limit=200&status={waiting}"
        service.answers("GET", path, page(*(delivery(number) for number in range(count))))
    for query in ("", "?force=true"):
        service.answers("DELETE", f"{CHANNELS}/{ID}{query}", {"deleted": True})
    return service


def deleted(service: Any) -> list[str]:
    """Return the paths that were to be deleted."""
    return [sent["path"] for sent in service.requests if sent["method"] == "DELETE"]


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
def test_a_terminal_is_asked(served: Any, answer: str, code: int) -> None:
    """Somebody sees what goes with a channel, and nothing is deleted without a yes."""
    seen = at_terminal(*DELETE, "--force", typed={"Delete? [y/N]:": answer})
    assert seen.code == code
    assert seen.lines[:4] == [
        f"Channel Ops ({ID})",
        f"  rule Started ({RULE_ID}): deleted with it",
        "  1 pending delivery is not sent any more",
        "  2 held deliveries are not sent any more",
    ]
    assert "Foreign" not in seen.text
    assert deleted(served) == ([f"{CHANNELS}/{ID}?force=true"] if code == 0 else [])
    assert ("✗ Nothing was deleted" in seen.text) is (code == 1)


def test_what_cannot_be_deleted_is_not_asked_for(served: Any) -> None:
    """Where rules are in the way of a channel nobody is asked, because no answer would delete it."""
    seen = at_terminal(*DELETE)
    assert (seen.code, deleted(served)) == (1, [])
    assert f"  rule Started ({RULE_ID}): in its way: --force deletes it too" in seen.lines
    assert seen.lines[-1] == "✗ Nothing was deleted: 1 rule in its way"


def test_yes_does_not_ask(served: Any) -> None:
    """With --yes nothing is asked, nor read for a question."""
    seen = at_terminal(*DELETE, "--yes")
    assert (seen.code, seen.text) == (0, f"✓ Channel deleted: {ID}\n")
    assert [sent["method"] for sent in served.requests] == ["GET", "DELETE"]


def test_a_dry_run_deletes_nothing(served: Any, run: Run) -> None:
    """It says on stdout what would be deleted, and which rules are in the way."""
    told = run(*DELETE, "--dry-run")
    assert (told.exit_code, deleted(served)) == (0, [])
    assert told.stdout.splitlines()[1] == f"  rule Started ({RULE_ID}): in its way: --force deletes it too"


def test_scripts_are_not_asked(served: Any, run: Run) -> None:
    """Without a terminal nothing is asked or counted; the channel is read, as a set may manage it."""
    assert run(*DELETE).exit_code == 0
    assert [sent["method"] for sent in served.requests] == ["GET", "DELETE"]


def test_a_rule_and_an_event_type_are_asked_for_too(service: Any) -> None:
    """So are deletions of rules and event types."""
    service.answers("GET", f"{RULES}/{RULE_ID}?custom=true", {"rule": MINE})
    service.answers("GET", f"{DELIVERIES}?*", page())
    no = {"Delete? [y/N]:": "n\n"}
    seen = at_terminal("notification", "rule", "delete", RULE_ID, typed=no)
    assert seen.lines[0] == f"Rule Started ({RULE_ID}): session.started to Ops"
    service.answers("GET", "/notifications/event-types/a.b", {"event_type": {"name": "a.b"}})
    seen = at_terminal("notification", "event-type", "delete", "a.b", typed=no)
    assert (seen.lines[0], seen.code, deleted(service)) == ("Event type a.b", 1, [])


def test_a_name_that_is_taken_is_warned_of(service: Any, run: Run) -> None:
    """Somebody at a terminal learns that a name is taken; a script makes the one request that it asks for."""
    service.answers("POST", f"{CHANNELS}/search", {"channels": [{**CHANNEL, "id": "first"}]})
    service.answers("POST", CHANNELS, {"channel": CHANNEL}, status=201)
    create = ("notification", "channel", "create", "Ops", "https://a.example")
    assert "! There is a channel named 'Ops' already (first)" in at_terminal(*create).text
    service.requests.clear()
    assert run(*create).stderr == f"✓ Channel created: {ID}\n"
    assert len(service.requests) == 1
    service.answers("PATCH", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    assert "! There is" in at_terminal("notification", "channel", "update", ID, "--name", "Ops").text


def test_rules_of_a_channel(served: Any, run: Run) -> None:
    """`rule list --channel` has the channel's rules, also if the service sends others."""
    assert run("notification", "rule", "list", "--channel", ID, "-q").stdout == f"{RULE_ID}\n"
    assert served.last["body"]["filter"] == {"channel_id": ID}


def test_rules_by_name(served: Any, run: Run) -> None:
    """`rule list --name` has the rules with a text in their names."""
    assert run("notification", "rule", "list", "--name", "start").exit_code == 0
    assert served.last["body"]["filter"] == {"name": {"i_contains": "start"}}


@pytest.mark.parametrize(
    ("clauses", "found"),
    [
        (["status=ERROR"], ["1"]),
        (["status"], ["1", "3"]),
        (["status", "b"], ["3"]),
        (["stat"], []),
        (["status=ERR"], []),
        (["a.b"], ["2"]),
        (["a"], []),
    ],
)
def test_rules_by_their_conditions(service: Any, run: Run, clauses: list[str], found: list[str]) -> None:
    """`rule list --where` has the rules with all of these clauses, or clauses about these fields."""
    conditions = (["status=ERROR"], ["a.b=1", "status_code=1"], ["status!=x", "b>2"], None)
    rules = [{"id": str(number), "where": where} for number, where in enumerate(conditions, 1)]
    service.answers("POST", SEARCH, {"rules": rules, "pagination": {"total": 4}})
    options = [part for clause in clauses for part in ("--where", clause)]
    assert run("notification", "rule", "list", *options, "-q").stdout.split() == found


def test_channels_by_state(service: Any, run: Run) -> None:
    """`channel list --state` has the channels in one of these states."""
    states = ("active", "failing", "suspended", "disabled")
    channels = [{"id": state, "state": state} for state in states]
    service.answers("POST", f"{CHANNELS}/search", {"channels": channels, "pagination": {"total": 4}})
    both = ("--state", "failing", "--state", "SUSPENDED")
    assert run("notification", "channel", "list", *both, "-q").stdout.split() == ["failing", "suspended"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("OPS", ["1"]), ("slack", ["2"]), ("hooks.", ["1", "2"]), ("ann@", ["3"]), (" 3 ", ["3"]), ("?", [])],
)
def test_channels_by_a_text(service: Any, run: Run, text: str, found: list[str]) -> None:
    """`channel list --search` has the channels with a text in what tells them apart, as the console has."""
    channels = [
        {
            "id": "1",
            "name": "Ops",
            "channel_type": "webhook",
            "spec": {"url": "https://hooks.example.com/???"},
        },
        {"id": "2", "name": "x", "spec": {"url": "https://hooks.test/", "preset": "slack"}},
        {"id": "3", "name": "y", "channel_type": "email", "spec": {"message": {"to_emails": ["Ann@a.test"]}}},
    ]
    service.answers("POST", f"{CHANNELS}/search", {"channels": channels, "pagination": {"total": 3}})
    assert run("notification", "channel", "list", "--search", text, "-q").stdout.split() == found


@pytest.mark.parametrize(
    ("text", "found"), [("DISK", ["a.b"]), ("project", ["c.d"]), ("a.b", ["a.b"]), ("?", [])]
)
def test_event_types_by_a_text(service: Any, run: Run, text: str, found: list[str]) -> None:
    """`event-type list --search` looks into names, descriptions and fields."""
    types = [
        {"name": "a.b", "description": "Disk is full", "json_schema": {}},
        {"name": "c.d", "description": None, "json_schema": {"properties": {"project": {}}}},
    ]
    service.answers("GET", "/notifications/event-types", {"event_types": types})
    assert run("notification", "event-type", "list", "--search", text, "-q").stdout.split() == found


def test_a_rule_is_moved(service: Any, run: Run) -> None:
    """`rule update --channel` takes a name; a service that cannot move a rule is not believed."""
    service.answers("POST", f"{CHANNELS}/search", {"channels": [CHANNEL]})
    service.answers("PATCH", f"{RULES}/{RULE_ID}?custom=true", {"rule": MINE})
    service.answers("PATCH", f"{RULES}/{RULE_ID}?custom=true", {"rule": OTHER})
    update = ("notification", "rule", "update", RULE_ID, "--channel", "Ops")
    moved = run(*update)
    assert (moved.exit_code, json.loads(moved.stdout)["channel_id"]) == (0, ID)
    assert service.last["body"] == {"channel_id": ID}
    assert "! The service is older than this command line" in run(*update).stderr


def test_deliveries_have_names_on_a_terminal(service: Any, run: Run) -> None:
    """A table of deliveries names rules and channels, with one search for all; a deleted rule has its id."""
    found = (delivery(1, channel_id=ID), delivery(2, rule_id="gone-and-away", channel_id="elsewhere"))
    service.answers("GET", f"{DELIVERIES}?*", page(*found))
    service.answers("POST", SEARCH, {"rules": [MINE]})
    rows = [line.split() for line in at_terminal("notification", "delivery", "list").lines]
    assert rows[0][:4] == ["AGE", "STATUS", "RULE", "CHANNEL"]
    assert (rows[1][3:5], rows[2][3:5]) == (["Started", "Ops"], ["gone-and", "elsewher"])
    assert service.requests[1]["body"]["filter"] == {"id": {"in": [RULE_ID, "gone-and-away"]}}
    assert "Rule: gone-and-away" in run("notification", "delivery", "list").stdout
    dry_run = at_terminal("notification", "delivery", "retry", "--status", "failed", "--dry-run")
    assert dry_run.lines[1].split()[3:5] == ["Started", "Ops"]


@pytest.mark.parametrize(("force", "action"), [([], "none"), (["--force"], "delete")])
def test_a_dry_run_tells_programs(served: Any, run: Run, force: list[str], action: str) -> None:
    """With an option about the output, a dry run lists each object, what would be done, and why not."""
    told = json.loads(run(*DELETE, *force, "--dry-run", "-o", "json").stdout)
    assert [(each["action"], each["kind"], each["id"]) for each in told] == [
        (action, "channel", ID),
        (action, "rule", RULE_ID),
    ]
    assert told[0]["waiting"] == {"pending": 1, "held": 2}
    assert told[0]["reason"] == (None if force else "1 rule in its way")
    assert run(*DELETE, *force, "--dry-run", "-q").stdout.split() == ([ID, RULE_ID] if force else [])
    assert run(*DELETE, *force, "--dry-run", "--json", "action,name", "-o", "tsv").stdout == (
        f"{action}\tOps\n{action}\tStarted\n"
    )
    assert deleted(served) == []


def test_a_dry_run_of_rules_and_event_types_tells_programs(service: Any, run: Run) -> None:
    """So do those of rules and event types, whose names are their ids."""
    service.answers("GET", f"{RULES}/{RULE_ID}?custom=true", {"rule": MINE})
    service.answers("GET", f"{DELIVERIES}?*", page())
    told = run("notification", "rule", "delete", RULE_ID, "--dry-run", "--jq", ".[].action").stdout
    service.answers("GET", "/notifications/event-types/a.b", {"event_type": {"name": "a.b"}})
    event_type = ("notification", "event-type", "delete", "a.b", "--dry-run")
    assert (told, run(*event_type, "-q").stdout) == ("delete\n", "a.b\n")
    assert json.loads(run(*event_type, "-o", "json").stdout) == [
        {"action": "delete", "kind": "event_type", "name": "a.b", "reason": None}
    ]
