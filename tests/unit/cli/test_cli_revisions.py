"""backend.ai notification rule, channel, event-type and mute history, diff and revert, and audit list."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from backendai_notification_cli.commands.notification.revisions import difference_lines
from tests.unit.cli.terminal import at_terminal

LONG = "x" * 80
ID = "550e8400-e29b-41d4-a716-446655440000"
NAMED = {"access_key": "AKIACI", "user_id": "u-1", "name": "ci"}
NAMELESS = {"access_key": "AKIAOLD", "user_id": "u-2", "name": None}
REVISION = {
    "number": 2,
    "action": "updated",
    "by": NAMED,
    "created_at": "2026-01-15T10:30:00.000000Z",
    "name": "A rule",
    "changed": ["name", "enabled"],
}
Run = Callable[..., Any]
GROUPS = pytest.mark.parametrize("group", ["rule", "channel"])
THINGS = pytest.mark.parametrize(
    ("group", "path"),
    [
        ("rule", f"/notifications/rules/{ID}"),
        ("channel", f"/notifications/channels/{ID}"),
        ("event-type", f"/notifications/event-types/{ID}"),
        ("mute", f"/notifications/mutes/{ID}"),
    ],
)


@THINGS
def test_history(service: Any, run: Run, group: str, path: str) -> None:
    """Each revision is a block: what was done, by whom, when, and which fields; pages follow each other."""
    path = f"{path}/revisions"
    older = {**REVISION, "number": 1, "action": "created", "by": NAMELESS, "changed": []}
    found = {**REVISION, "number": 0, "action": "found", "by": None, "changed": []}
    service.answers("GET", f"{path}?limit=200", {"revisions": [REVISION, older], "next": "c"})
    service.answers("GET", f"{path}?cursor=c&limit=200", {"revisions": [found], "next": None})
    result = run("notification", group, "history", ID)
    assert result.stdout == (
        "Revision: 2\nAction: updated\nBy: ci (AKIACI)\nAt: 2026-01-15T10:30:00.000000Z\nName: A rule\n"
        "Changed: name, enabled\n---\n"
        "Revision: 1\nAction: created\nBy: AKIAOLD (user u-2)\nAt: 2026-01-15T10:30:00.000000Z\n"
        "Name: A rule\nChanged: \n---\n"
        "Revision: 0\nAction: found\nBy: not known\nAt: 2026-01-15T10:30:00.000000Z\nName: A rule\n"
        "Changed: \n---\n"
    )


@THINGS
def test_diff(service: Any, run: Run, group: str, path: str) -> None:
    """The differences are lines of before and after, without colours unless on a terminal."""
    path = f"{path}/revisions/5?compared_to=2"
    differences = [{"field": "name", "old": "a", "new": "b"}, {"field": "enabled", "old": True, "new": False}]
    service.answers("GET", path, {"revision": {**REVISION, "differences": differences}})
    result = run("notification", group, "diff", ID, "2", "5")
    assert result.stdout == "- name: a\n+ name: b\n- enabled: true\n+ enabled: false\n"
    service.answers("GET", path, {"revision": {**REVISION, "differences": []}})


@pytest.mark.parametrize("setting", ["", "1"])
def test_colours(service: Any, setting: str) -> None:
    """What was and what is have their colours, unless NO_COLOR is set."""
    path = f"/notifications/rules/{ID}/revisions/2?compared_to=1"
    differences = [{"field": "name", "old": "a", "new": "b"}]
    service.answers("GET", path, {"revision": {**REVISION, "differences": differences}})
    seen = at_terminal("notification", "rule", "diff", ID, "1", "2", environment={"NO_COLOR": setting})
    assert seen.text == "- name: a\n+ name: b\n"
    coloured = "\x1b[31m- name: a\x1b[0m\n\x1b[32m+ name: b\x1b[0m\n"
    assert seen.raw == (seen.text if setting else coloured)


def test_no_differences(service: Any, run: Run) -> None:
    """Revisions that are the same are said to be so."""
    path = f"/notifications/rules/{ID}/revisions/2?compared_to=2"
    service.answers("GET", path, {"revision": {**REVISION, "differences": []}})
    result = run("notification", "rule", "diff", ID, "2", "2")
    assert (result.stdout, result.exit_code) == ("No differences\n", 0)


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (None, "d", ["+ f: d"]),
        ("d", None, ["- f: d"]),
        (None, ["a", 1], ['+ f: ["a", 1]']),
        ("\x1b[31mred", "ü", ["- f: \\x1b[31mred", "+ f: ü"]),
        ("***", "***", ["- f: ***", "+ f: ***"]),
        ("one\ntwo\n", "one\n2\n", ["  f:", "@@ -1,2 +1,2 @@", " one", "-two", "+2"]),
        (None, "one\ntwo", ["  f:", "@@ -0,0 +1,2 @@", "+one", "+two"]),
        ("a\nb", "a\nb\n", ["  f:", "@@ -1,2 +1,2 @@", " a", "-b", "\\ No newline at the end", "+b"]),
        ("a\r\nb", "a\nb", ["  f:", "@@ -1,2 +1,2 @@", "-a\\r", "+a", " b"]),
        (
            {"a": "x" * 80},
            {"a": "y"},
            ["  f:", "@@ -1,3 +1 @@", "-{", f'-  "a": "{"x" * 80}"', "-}", '+{"a": "y"}'],
        ),
    ],
)
def test_lines_of_differences(old: object, new: object, lines: list[str]) -> None:
    """What is absent has no line; several lines are a unified diff; nothing steers the terminal."""
    assert [*difference_lines([{"field": "f", "old": old, "new": new}])] == lines


@GROUPS
def test_revert(service: Any, run: Run, group: str) -> None:
    """The revision is asked for; what became of it is shown as JSON."""
    path = f"/notifications/{group}s/{ID}/revert"
    service.answers("POST", path, {group: {"id": ID, "name": "n"}})
    result = run("notification", group, "revert", ID, "--to", "3")
    assert service.last["body"] == {"to": 3}
    assert f"✓ {group.capitalize()} is as in revision 3: {ID}" in result.stderr
    assert '"name": "n"' in result.stdout
    assert run("notification", group, "revert", ID).exit_code == 2


def test_revert_with_force(service: Any, run: Run) -> None:
    """A template that fails with a sample is saved if that is asked for."""
    service.answers("POST", f"/notifications/rules/{ID}/revert?force=true", {"rule": {"id": ID}})
    result = run("notification", "rule", "revert", ID, "--to", "1", "--force")
    assert (result.exit_code, service.last["body"]) == (0, {"to": 1})


def test_audit_list(service: Any, run: Run) -> None:
    """Every change is a block; the filters go to the service in its form."""
    entry = {**REVISION, "kind": "event_type", "id": "quota.exceeded", "name": "quota.exceeded"}
    service.answers("GET", "/notifications/audit?*", {"entries": [entry], "next": None})
    period = ("--since", "2026-01-01T00:00:00Z", "--until", "2026-01-20T00:00:00Z")
    result = run("notification", "audit", "list", *period, "--by", "ci", "--kind", "event-type")
    assert result.stdout == (
        "At: 2026-01-15T10:30:00.000000Z\nBy: ci (AKIACI)\nAction: updated\nKind: event-type\n"
        "ID: quota.exceeded\nName: quota.exceeded\nRevision: 2\nChanged: name, enabled\n---\n"
    )
    query = {name: value for name, (value,) in parse_qs(urlsplit(service.last["path"]).query).items()}
    assert query == {
        "since": "2026-01-01T00:00:00.000000Z",
        "until": "2026-01-20T00:00:00.000000Z",
        "by": "ci",
        "kind": "event_type",
        "limit": "200",
    }


def test_no_changes(service: Any, run: Run) -> None:
    """A time may be a duration before now; that nothing was changed is said."""
    service.answers("GET", "/notifications/audit?*", {"entries": [], "next": None})
    assert run("notification", "audit", "list", "--since", "7d").stdout == "No changes found\n"
